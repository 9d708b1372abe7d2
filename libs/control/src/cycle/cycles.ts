import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { sendEvent } from './outbox.ts';

export interface Cycle {
  id: string;
  status: 'extracting' | 'transforming' | 'succeeded' | 'failed';
  /** Names, in the order in which they run. */
  pipelines: string[];
  error: string | null;
}

/** Starts a cycle over these pipelines; with `missing` ones, which have no tap, it ends as failed. Undefined when one is live: the index `one_live_cycle` allows no second. */
export async function startCycle(pool: Pool, pipelines: string[], missing: string[] = []): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into pipeline.cycles (pipelines, missing) values ($1, $2)
     on conflict ((true)) where status in ('extracting', 'transforming') do nothing returning id`,
    [pipelines, missing],
  );
  return rows[0]?.id;
}

/** The cycle that is under way. */
export async function liveCycle(pool: Pool): Promise<Cycle | undefined> {
  const { rows } = await pool.query<Cycle>(
    `select id, status, pipelines, error from pipeline.cycles where status in ('extracting', 'transforming')`,
  );
  return rows[0];
}

/** Whether the interval since the end of the last cycle is over, by the database's clock. True when there was none. */
export async function isCycleDue(pool: Pool, intervalSeconds: number): Promise<boolean> {
  const { rows } = await pool.query<{ due: boolean }>(
    `select coalesce(max(finished_at) + make_interval(secs => $1) <= clock_timestamp(), true) as due from pipeline.cycles`,
    [intervalSeconds],
  );
  return rows[0]?.due ?? true;
}

export interface CycleProgress {
  /** Pipelines that have no run in this cycle yet, in order. */
  pending: string[];
  /** Runs that are under way. */
  live: number;
}

/** How far the cycle is, with its row locked: two schedulers take turns. The lock is a statement of its own, because the one that waited for it
 *  would go on with what it saw before: the run that the other has started would look as if it were still to start. */
export async function cycleProgress(client: PoolClient, cycleId: string): Promise<CycleProgress> {
  await client.query('select from pipeline.cycles where id = $1 for update', [cycleId]);
  const { rows } = await client.query<{ pending: string[]; live: string }>(
    `select array(select p.name from unnest(c.pipelines) with ordinality as p(name, position)
                  where not exists (select from pipeline.runs r where r.cycle_id = c.id and r.pipeline = p.name)
                  order by p.position) as pending,
            (select count(*) from pipeline.runs r where r.cycle_id = c.id and r.status = 'running') as live
     from pipeline.cycles c where c.id = $1`,
    [cycleId],
  );
  const row = rows[0];
  return { pending: row?.pending ?? [], live: Number(row?.live ?? 0) };
}

/** Every run has ended: dbt is asked to model the sources of which anything was loaded. With none there is nothing to
 *  model, and the cycle ends as failed. */
export async function finishExtracting(client: PoolClient, cycleId: string): Promise<void> {
  const { rows } = await client.query<{ source: string }>(
    `select distinct r.source from pipeline.runs r join pipeline.tasks t on t.run_id = r.id
     where r.cycle_id = $1 and t.status in ('loaded', 'incomplete') order by 1`,
    [cycleId],
  );
  if (rows.length === 0) {
    await client.query(
      `update pipeline.cycles set status = 'failed', error = 'no stream was loaded', finished_at = clock_timestamp()
       where id = $1 and status = 'extracting'`,
      [cycleId],
    );
    return;
  }
  const { rowCount } = await client.query(
    `update pipeline.cycles set status = 'transforming', transforming_at = clock_timestamp() where id = $1 and status = 'extracting'`,
    [cycleId],
  );
  if (rowCount === 1)
    await sendEvent(client, { type: 'cycle.loaded', cycleId, sources: rows.map((row) => row.source) });
}

/** Ends a cycle with the outcome of its runs and of dbt. */
export async function finishCycle(pool: Pool, cycleId: string, dbtError: string | undefined): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ errors: string | null }>(
      `select string_agg(problem, '; ') as errors
       from (select pipeline || ' ' || status from pipeline.runs where cycle_id = $1 and status <> 'loaded'
             union all
             select unnest(missing) || ' has no tap' from pipeline.cycles where id = $1) as problems(problem)`,
      [cycleId],
    );
    const errors = [rows[0]?.errors, dbtError].filter((error) => typeof error === 'string');
    await client.query(
      `update pipeline.cycles set status = $2, error = $3, finished_at = clock_timestamp() where id = $1 and status = 'transforming'`,
      [cycleId, errors.length === 0 ? 'succeeded' : 'failed', errors.length === 0 ? null : errors.join('; ')],
    );
  });
}
