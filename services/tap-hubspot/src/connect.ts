import type { Connected, HttpClient } from '@pipeline/tap-kit';
import { z } from 'zod';
import { pathOf } from './reading/paths.ts';
import { parseResponse } from './reading/response.ts';
import type { Settings } from './settings.ts';

const Details = z.object({ portalId: z.int(), uiDomain: z.string().nullish() });

/** Proves the credentials and names the account. */
export async function connect(http: HttpClient, settings: Settings): Promise<Connected> {
  const path = pathOf(settings, 'account');
  const { portalId, uiDomain } = parseResponse(Details, await http.json({ path }), path);
  return { account: { id: String(portalId), name: `HubSpot ${portalId}${uiDomain ? ` (${uiDomain})` : ''}` } };
}
