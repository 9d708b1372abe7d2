import type { JsonObject } from '@pipeline/singer';
import { malformedResponse, type ReadContext } from '@pipeline/tap-kit';
import type { Settings } from '../settings.ts';
import { type Seconds, secondOf } from './instant.ts';
import { getPage } from './page.ts';
import { startOf } from './read-plan.ts';
import { OLDEST } from './windows.ts';

const TTL_MS = 3_600_000;

type Reader = Pick<ReadContext<Settings>, 'http' | 'cached'>;

/** The account that the credentials open. */
function accountOf({ http, cached }: Reader): Promise<JsonObject> {
  return cached('account', TTL_MS, async () => {
    const { rows } = await getPage(http, '/account', {}, { kind: 'accounts' });
    return rows[0] ?? {};
  });
}

/** The folder in which deleted tasks lie. @throws PipelineError `SOURCE_MALFORMED_RESPONSE` */
export async function recycleBinId(reader: Reader): Promise<string> {
  const id = (await accountOf(reader))['recycleBinId'];
  if (typeof id === 'string') return id;
  throw malformedResponse('/account', 'has no recycleBinId, so that deleted tasks cannot be found');
}

/** Before this second there is nothing to read: where the operator wants to start, else when the account was made. */
export async function firstSecond(context: ReadContext<Settings>): Promise<Seconds> {
  const start = startOf(context.settings);
  if (start !== undefined) return start;
  const created = (await accountOf(context))['createdDate'];
  const second = typeof created === 'string' ? secondOf(created) : Number.NaN;
  return Number.isNaN(second) ? OLDEST : second;
}
