import { waitFor } from '@pipeline/testing';
import type { Dashboard } from '../../support/dashboard.ts';
import type { Platform } from '../../support/platform.ts';

/** Where a story plays: both are there from its first test on. */
export interface Scene {
  platform: Platform;
  dashboard: Dashboard;
}

/** Longest that a cycle of the small company takes on a busy machine, dbt with it. */
export const CYCLE_MS = 120_000;

/** Waits for a run of the pipeline that is newer than `before`, and returns its id. */
export async function newerRun({ platform }: Scene, pipeline: string, before: string): Promise<string> {
  const found = async () => {
    const id = await newestRun(platform, pipeline);
    return id === before ? undefined : id;
  };
  return await waitFor(found, { timeoutMs: CYCLE_MS, what: `a run of ${pipeline}` });
}

export async function newestRun(platform: Platform, pipeline: string): Promise<string> {
  const { rows } = await platform.database.pool.query<{ id: string }>(
    'select id from pipeline.runs where pipeline = $1 order by started_at desc limit 1',
    [pipeline],
  );
  return rows[0]?.id ?? '';
}

/** Waits until nothing runs, dbt neither. */
export async function atRest({ platform }: Scene): Promise<void> {
  const isQuiet = async () => {
    const { rows } = await platform.database.pool.query<{ live: boolean }>(
      `select exists (select from pipeline.cycles where finished_at is null)
           or exists (select from pipeline.pipelines where requested_at is not null)
           or exists (select from pipeline.dbt_runs where status in ('queued', 'running')) as live`,
    );
    return rows[0]?.live === false;
  };
  await waitFor(isQuiet, { timeoutMs: CYCLE_MS, what: 'the end of the cycle' });
}
