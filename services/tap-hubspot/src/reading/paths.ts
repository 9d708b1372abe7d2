import type { ApiVersion } from '../settings.ts';

/** Kinds of paths that exist by date and in the older versions. */
const FAMILIES = {
  objects: { dated: '/crm/objects/DATE', older: '/crm/v3/objects' },
  associations: { dated: '/crm/associations/DATE', older: '/crm/v4/associations' },
  properties: { dated: '/crm/properties/DATE', older: '/crm/v3/properties' },
  pipelines: { dated: '/crm/pipelines/DATE', older: '/crm/v3/pipelines' },
  owners: { dated: '/crm/owners/DATE', older: '/crm/v3/owners' },
  schemas: { dated: '/crm-object-schemas/DATE/schemas', older: '/crm-object-schemas/v3/schemas' },
  lists: { dated: '/crm/lists/DATE', older: '/crm/v3/lists' },
  users: { dated: '/settings/users/DATE', older: '/settings/users/v3' },
  teams: { dated: '/settings/users/DATE/teams', older: '/settings/v3/users/teams' },
  account: { dated: '/account-info/DATE/details', older: '/account-info/v3/details' },
  marketingEmails: { dated: '/marketing/emails/DATE', older: '/marketing/v3/emails' },
  campaigns: { dated: '/marketing/campaigns/DATE', older: '/marketing/v3/campaigns' },
} as const;
export type PathFamily = keyof typeof FAMILIES;

/** Paths that have no dated form. */
export const FORMS_PATH = '/marketing/v3/forms';
export const SUBMISSIONS_PATH = '/form-integrations/v1/submissions/forms';

/** The path of a family in a version, with further parts: `/crm/objects/2026-09/0-3/search`.
 *  @see https://developers.hubspot.com/docs/api-reference/legacy/migration-guide */
export function pathOf({ api_version }: { api_version: ApiVersion }, family: PathFamily, ...parts: string[]): string {
  const { dated, older } = FAMILIES[family];
  const root = api_version === 'v3' ? older : dated.replace('DATE', api_version);
  return [root, ...parts].join('/');
}
