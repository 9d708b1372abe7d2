import { listScheduledPipelines, pauseFailingPipelines, requestRunOf, resumeDuePipelines } from '@pipeline/control';
import { inTransaction, type Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { dueNow } from './due.ts';

/** Asks for the runs that schedules of their own want now, ends pauses that are over, and pauses what only fails. A run that is asked for starts when
 *  no cycle is live, so nothing overlaps, dbt neither. */
export async function keepSchedules(deps: { pool: Pool; logger: Logger; intervalSeconds: number }): Promise<void> {
  const { pool, logger } = deps;
  for (const pipeline of await resumeDuePipelines(pool)) logger.info({ pipeline }, 'its pause is over');
  for (const pipeline of await pauseFailingPipelines(pool))
    logger.error({ pipeline }, 'paused: too many of its runs failed in a row');
  for (const pipeline of await listScheduledPipelines(pool)) {
    const due = dueNow(pipeline, deps.intervalSeconds);
    if (due === undefined) continue;
    const wish = { streams: due.streams, fullRead: false, massDeletes: false };
    await inTransaction(pool, (client) => requestRunOf(client, pipeline.name, wish, 'schedule'));
  }
}
