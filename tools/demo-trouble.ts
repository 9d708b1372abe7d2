import { createPool, type Pool } from '@pipeline/postgres';
import { pause } from '@pipeline/resilience';
import type { Demo } from './demo-at.ts';

const CYCLES_BEFORE = 6;
const WAIT_MS = 600_000;
const LOOK_MS = 1_000;
/** A rule that few invoices break. */
const RULE = 'sane_amount_due';

interface Now {
  cycle: { finishedAt: string | null } | null;
  incidents: { kind: string }[];
}

/** Lets the demo gather a history, has one source refuse a stream and one table refuse records, and returns what takes both away.
 *  @throws when the demo does not get there in ten minutes */
export async function makeTrouble(demo: Demo): Promise<() => Promise<void>> {
  const pool = createPool(demo.database);
  const control = (method: string, path: string, body?: object) =>
    fetch(`${demo.control}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  await control('POST', '/mutations', { count: 100_000, everyMs: 300 });
  await until('a history', async () => (await endedCycles(pool)) >= CYCLES_BEFORE);
  await pool.query(`alter table xero.invoices add constraint ${RULE} check (amount_due < 9000) not valid`);
  await control('POST', '/faults', { source: 'wrike', kind: 'status', status: 403, path: 'timelogs', count: 100_000 });
  await control('POST', '/mutations', { source: 'xero', count: 300 });
  await until('two incidents', async () => {
    const response = await fetch(`${demo.page}/api/now`, { headers: { authorization: `Bearer ${demo.token}` } });
    const { cycle, incidents } = (await response.json()) as Now;
    const kinds = new Set(incidents.map(({ kind }) => kind));
    return cycle?.finishedAt === null && kinds.has('failed_stream') && kinds.has('rejected_records');
  });
  return async () => {
    await control('DELETE', '/mutations');
    await control('DELETE', '/faults');
    await pool.query(`alter table xero.invoices drop constraint ${RULE}`);
    await pool.end();
  };
}

async function endedCycles(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ ended: number }>(
    'select count(*)::int as ended from pipeline.cycles where finished_at is not null',
  );
  return rows[0]?.ended ?? 0;
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come about within ${WAIT_MS / 60_000} minutes`);
    await pause(LOOK_MS);
  }
}
