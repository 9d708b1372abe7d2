import { basename } from 'node:path';
import { claimDbtRun, finishDbtRun, liveCycle, requestDbtRun } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { errorMessage } from '@pipeline/protocol';
import { waitFor } from '@pipeline/testing';
import type { ChaosSource } from './chaos-source.ts';
import { historyReport, summary } from './history-report.ts';
import { type Platform, type PlatformOptions, requestRuns, SOURCES, startPlatform } from './platform.ts';
import { sized } from './sized.ts';

export { requestRuns, sized };

/** Long enough for a busy machine, short enough to wait for. */
const SHORT_WAITS = { TAP_LEASE_SECONDS: '8', SCHEDULER_LEASE_SECONDS: '3', STANDSTILL_SECONDS: '8' };

/** Of each source what has children, deletes, sweeps and many rows: more streams would only make each cycle longer. */
const FEW_STREAMS = {
  HUBSPOT_SELECT:
    'owners,deal_pipelines,deal_pipeline_stages,deals,deals_companies,deals_contacts,contacts,contacts_companies,companies,lists,list_memberships',
  XERO_SELECT:
    'organisation,accounts,contacts,invoices,invoice_line_items,payments,bank_transactions,bank_transaction_line_items,journals,journal_lines',
  WRIKE_SELECT:
    'tasks,task_parents,task_assignees,folders,folder_parents,contacts,workflows,custom_statuses,custom_fields,timelogs',
};

export const CYCLE_TIMEOUT_MS = sized({ ci: 180_000, full: 900_000 });
const CYCLE_END_POLL_MS = 200;

export interface ChaosOptions extends PlatformOptions {
  /** A source of the test's own, read by `tap-chaos` beside the others. */
  ownSource?: ChaosSource;
  /** Whether every stream of the sources is read that is read by default. @default false */
  hasAllStreams?: boolean;
}

/** The platform with short waits, all pipelines at once, two loaders, and a history. Without the dbt-runner: cycles end as soon as everything is
 *  loaded. At its end it says what it went through, and ends the test's own source too. */
export async function startChaosPlatform({
  ownSource,
  hasAllStreams = false,
  ...options
}: ChaosOptions = {}): Promise<Platform> {
  const taps = (options.sources ?? SOURCES).map((source) => `tap-${source}`);
  if (ownSource !== undefined) taps.push('tap-chaos');
  const startedAt = performance.now();
  const platform = await startPlatform({
    hasHistory: true,
    services: ['loader', 'loader-2', ...taps, 'scheduler'],
    ...ownSource?.options,
    ...options,
    environment: {
      ...SHORT_WAITS,
      ...(hasAllStreams ? {} : FEW_STREAMS),
      PIPELINE_CONCURRENCY: '4',
      ...ownSource?.options.environment,
      ...options.environment,
    },
  });
  const timer = setInterval(() => void skipDbt(platform.database.pool).catch(() => undefined), CYCLE_END_POLL_MS);
  return {
    ...platform,
    stop: async () => {
      clearInterval(timer);
      const seconds = (performance.now() - startedAt) / 1_000;
      const file = basename(expect.getState().testPath ?? '');
      // A test that failed may have left no database to ask.
      const figures = await summary(platform, seconds).catch(errorMessage);
      process.stderr.write(`${file}: ${figures}\n`);
      await platform.stop();
      await ownSource?.stop();
    },
  };
}

/** What the dbt-runner says of a build without models. */
async function skipDbt(pool: Pool): Promise<void> {
  const cycle = await liveCycle(pool);
  if (cycle?.status !== 'transforming') return;
  await requestDbtRun(pool, { target: 'none', cycleId: cycle.id, sources: [] });
  const claim = await claimDbtRun(pool, { target: 'none', claimedBy: 'chaos' });
  if (claim !== undefined) await finishDbtRun(pool, claim, { outcome: 'succeeded', error: null, results: [] });
}

/** What must hold once it is quiet again: every row of the source is there once and equal, no invariant was broken, no message was given up, and the
 *  history tells of nothing lost, doubled, stale or unexpected. */
export async function expectExact(platform: Platform): Promise<void> {
  const { differences, rows } = await platform.compare();
  expect(differences).toEqual([]);
  expect(rows).toBeGreaterThan(100);
  expect(await platform.violations()).toEqual([]);
  expect(await deadLetters(platform)).toEqual([]);
  expect((await historyReport(platform)).findings).toEqual([]);
}

/** What must hold after a cycle that succeeded: each bookmark is the one with which the newest attempt of its stream ended. */
export async function expectBookmarks({ database }: Platform): Promise<void> {
  const { rows } = await database.pool.query(
    `select a.pipeline, a.stream, s.epoch, s.seq, s.value, a.epoch as newest, c.seq as last, c.value as said
     from (select distinct on (pipeline, stream) * from pipeline.attempts order by pipeline, stream, epoch desc) a
     left join pipeline.manifests m using (epoch)
     left join pipeline.checkpoints c on c.epoch = a.epoch and c.seq = (m.manifest ->> 'lastSeq')::int
     left join pipeline.states s on s.pipeline = a.pipeline and s.stream = a.stream and s.is_current
     where (s.epoch, s.seq, s.value::jsonb) is distinct from (a.epoch, c.seq, c.value::jsonb)`,
  );
  expect(rows).toEqual([]);
}

export async function deadLetters({ database }: Platform): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `select queue, message_id, reason from pipeline.dead_letters where status = 'open'`,
  );
  return rows;
}

/** Runs that did not come to a good end. */
export async function failedRuns({ database }: Platform): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `select pipeline, status, error from pipeline.runs where status not in ('running', 'loaded')`,
  );
  return rows;
}

/** Waits until nothing runs and nothing is asked for. */
export async function untilQuiet({ database }: Platform): Promise<void> {
  await waitFor(
    async () => {
      const { rows } = await database.pool.query<{ busy: boolean }>(
        `select exists (select from pipeline.cycles where finished_at is null)
             or exists (select from pipeline.pipelines where requested_at is not null) as busy`,
      );
      return rows[0]?.busy === false;
    },
    { timeoutMs: CYCLE_TIMEOUT_MS, intervalMs: CYCLE_END_POLL_MS, what: 'the end of everything that runs' },
  );
}
