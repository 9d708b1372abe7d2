import type { RequestHandler } from 'express';

/** Versions by date that the API serves beside v3 and v4, with the same content. */
const VERSION = '(?:2025-09|2026-03|2026-09)';

/** Dated paths and the older ones they are served as. */
const PATHS: readonly (readonly [pattern: RegExp, older: string])[] = [
  [/^\/crm\/objects\/VERSION\/([^/]+)\/([^/]+)\/associations\/([^/]+)$/, '/crm/v4/objects/$1/$2/associations/$3'],
  [/^\/crm\/objects\/VERSION\//, '/crm/v3/objects/'],
  [/^\/crm\/associations\/VERSION\//, '/crm/v4/associations/'],
  [/^\/crm\/properties\/VERSION\//, '/crm/v3/properties/'],
  [/^\/crm\/pipelines\/VERSION\//, '/crm/v3/pipelines/'],
  [/^\/crm\/owners\/VERSION(?=\/|$)/, '/crm/v3/owners'],
  [/^\/crm-object-schemas\/VERSION\//, '/crm-object-schemas/v3/'],
  [/^\/crm\/lists\/VERSION\//, '/crm/v3/lists/'],
  [/^\/settings\/users\/VERSION\/teams$/, '/settings/v3/users/teams'],
  [/^\/settings\/users\/VERSION$/, '/settings/users/v3'],
  [/^\/account-info\/VERSION\//, '/account-info/v3/'],
  [/^\/marketing\/emails\/VERSION$/, '/marketing/v3/emails'],
  [/^\/marketing\/campaigns\/VERSION$/, '/marketing/v3/campaigns'],
  [/^\/oauth\/VERSION\//, '/oauth/v3/'],
  // The second form of the labels' path in the v4 API.
  [/^\/crm\/associations\/v4\//, '/crm/v4/associations/'],
].map(([pattern, older]) => [new RegExp((pattern as RegExp).source.replace('VERSION', VERSION)), older as string]);

/** Serves the dated paths as the older ones. */
export const datedPaths: RequestHandler = (request, _response, next) => {
  const [path = '', query] = request.url.split('?');
  const found = PATHS.find(([pattern]) => pattern.test(path));
  if (found !== undefined) {
    const [pattern, older] = found;
    request.url = path.replace(pattern, older) + (query === undefined ? '' : `?${query}`);
  }
  next();
};
