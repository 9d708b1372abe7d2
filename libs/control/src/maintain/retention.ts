import type { Queryable } from '@pipeline/postgres';

/** Cycles, with their runs, tasks, attempts, ledger and checkpoints, are kept this long. Only ended ones go, so a late
 *  delivery of a pruned epoch still meets the fence. */
export const HISTORY_DAYS = 30;
const DEAD_LETTER_DAYS = 30;
const REJECTED_DAYS = 90;
const OUTBOX_DAYS = 2;
const STATES_KEPT = 100;

/** Removes what is older than its retention. Gives the number of rows. */
export async function prune(pool: Queryable): Promise<number> {
  let removed = 0;
  for (const [statement, parameter] of STATEMENTS) {
    const { rowCount } = await pool.query(statement, [parameter]);
    removed += rowCount ?? 0;
  }
  return removed;
}

const OLDER = 'clock_timestamp() - make_interval(days => $1)';

const STATEMENTS: [string, number][] = [
  [`delete from pipeline.cycles where finished_at < ${OLDER}`, HISTORY_DAYS],
  [`delete from pipeline.dbt_runs where finished_at < ${OLDER}`, HISTORY_DAYS],
  [`delete from pipeline.dead_letters where status <> 'open' and archived_at < ${OLDER}`, DEAD_LETTER_DAYS],
  [`delete from pipeline.rejected_records where status <> 'open' and rejected_at < ${OLDER}`, REJECTED_DAYS],
  [`delete from pipeline.outbox where published_at < ${OLDER}`, OUTBOX_DAYS],
  [
    `delete from pipeline.states where id in (
       select id from (select id, row_number() over (partition by pipeline, stream order by id desc) as age from pipeline.states) s
       where age > $1)`,
    STATES_KEPT,
  ],
];
