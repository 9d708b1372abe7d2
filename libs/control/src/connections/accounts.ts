import type { Queryable, RowOf } from '@pipeline/postgres';
import type { Check } from '@pipeline/protocol/api';
import * as statements from './accounts.sql.ts';

/** What taps call the limit whose rest is worth knowing: shorter ones are full again before anybody has read it. */
const DAILY_LIMIT = 'day';
const DAY_MS = 86_400_000;

export type AccountLevel = RowOf<typeof statements.selectLevels>;

/** What is left of the daily limits, as the limiter of the taps has counted. */
export function listAccountLevels(db: Queryable): Promise<AccountLevel[]> {
  return statements.selectLevels.all(db, { name: DAILY_LIMIT });
}

/** What an account of a pipeline has sent its reads, in bytes of bodies as they came over the network: this UTC day, this UTC month. The account is
 *  an organisation's id, or '' where the source has one account. */
export type AccountEgress = RowOf<typeof statements.selectEgress>;

/** What the accounts have sent, as the attempts of all processes have counted. Those that sent nothing this month are left out. */
export function listAccountEgress(db: Queryable): Promise<AccountEgress[]> {
  return statements.selectEgress.all(db);
}

/** Remembers until when a connection's access lasts if it is not used. */
export async function noteAccessEnd(db: Queryable, connection: string, endsAt: Date): Promise<void> {
  await statements.updateAccessEnd.run(db, { connection, endsAt: endsAt.toISOString() });
}

/** A check's limits with what is left of the daily one, which comes first. An account with several organisations has as much as the one with least.
 *  @param isAlone no other connection reads this source, so whatever is counted for the source is counted for this one */
export function limitsNow(
  limits: Check['limits'],
  connection: { name: string; source: string; accountId: string | undefined; isAlone: boolean },
  levels: readonly AccountLevel[],
): Check['limits'] {
  const { name, source, accountId, isAlone } = connection;
  const own = levels.filter(
    ({ owner }) =>
      owner === name || owner === `${source}/${accountId ?? ''}` || (isAlone && owner.startsWith(`${source}/`)),
  );
  const filled = limits.map((limit) => {
    const { of } = limit;
    if (limit.name !== DAILY_LIMIT || of === null || own.length === 0) return limit;
    const left = own.map(({ tokens, ageMs, blockedUntil }) =>
      blockedUntil === null ? Math.min(of, tokens + (ageMs * of) / DAY_MS) : 0,
    );
    const ends = own.flatMap(({ blockedUntil }) => blockedUntil?.toISOString() ?? []).sort();
    return { ...limit, left: Math.max(0, Math.floor(Math.min(...left))), resetsAt: ends.at(-1) ?? null };
  });
  return filled.sort((a, b) => Number(b.name === DAILY_LIMIT) - Number(a.name === DAILY_LIMIT));
}
