import type { Consent } from '@pipeline/tap-kit';
import { loginUrl } from './client.ts';
import type { Settings } from './settings.ts';

/** What the selected streams need; the audit log and access roles need an administrator's consent besides. */
const SCOPES = [
  'Default',
  'wsReadOnly',
  'amReadOnlyWorkflow',
  'amReadOnlyUser',
  'amReadOnlyGroup',
  'amReadOnlyInvitation',
  'amReadOnlyWorkSchedule',
  'amReadOnlyTimelogCategory',
  'amReadOnlyAccessRole',
];

/** Wrike separates scopes by commas. Source: https://developers.wrike.com/docs/oauth-20-authorization */
export function consent(settings: Partial<Settings>): Consent {
  const login = loginUrl({
    login_url: settings.login_url,
    allow_other_host: settings.allow_other_host ?? false,
    base_url: settings.base_url ?? '',
  });
  return {
    authorizeUrl: `${login}/oauth2/authorize/v4`,
    tokenUrl: `${login}/oauth2/token`,
    scopes: SCOPES,
    scopeSeparator: ',',
    clientAuth: 'form',
  };
}
