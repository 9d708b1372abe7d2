import { type Alert, listPipelines, recentCycles, runSummaries } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';

const RECENT_CYCLES = 10;

/** GET /api/status: what needs a person, the pipelines, the newest cycles, and the runs of the newest one. */
export function statusRoute({ pool, alerts }: { pool: Pool; alerts: () => Promise<Alert[]> }): RequestHandler {
  return async (_request, response) => {
    const cycles = await recentCycles(pool, RECENT_CYCLES);
    const latest = cycles[0];
    response.json({
      alerts: await alerts(),
      pipelines: await listPipelines(pool),
      cycles,
      runs: latest === undefined ? [] : await runSummaries(pool, latest.id),
    });
  };
}
