import { z } from 'zod';
import { Count, Instant, Seconds } from './form.ts';
import { Incident, Verdict } from './incidents.ts';
import { PipelineSummary } from './pipelines.ts';

/** A piece of the bar "in this cycle". */
export const Bar = z.strictObject({
  kind: z.enum(['done', 'waited', 'expected', 'failed']),
  from: Instant,
  to: Instant,
});
/** One of the last 40 cycles of a pipeline, oldest first. */
export const HistoryBar = z.strictObject({
  cycleId: z.uuid(),
  id: z.uuid(),
  startedAt: Instant,
  seconds: Seconds,
  state: z.enum(['running', 'loaded', 'incomplete', 'failed', 'cancelled']),
  rejected: Count,
});

export const NowPipeline = z.strictObject({
  ...PipelineSummary.shape,
  bars: z.array(Bar),
  history: z.array(HistoryBar),
});
export type NowPipeline = z.infer<typeof NowPipeline>;

export const NowDbt = z.strictObject({
  outcome: z
    .strictObject({
      buildId: z.uuid(),
      state: z.enum(['succeeded', 'failed']),
      finishedAt: Instant,
      seconds: Seconds,
      models: Count,
      testsPassed: Count,
      warned: Count,
      failed: Count,
      error: z.string().nullable(),
    })
    .nullable(),
  activity: z
    .strictObject({
      buildId: z.uuid(),
      state: z.enum(['queued', 'running']),
      startedAt: Instant.nullable(),
      expectedEndAt: Instant.nullable(),
    })
    .nullable(),
  bars: z.array(Bar),
  history: z.array(HistoryBar),
});

export const NowCycle = z.strictObject({
  id: z.uuid(),
  state: z.enum(['extracting', 'transforming', 'succeeded', 'failed']),
  by: z.string(),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
  expectedEndAt: Instant.nullable(),
});

/** One line of "what happened". */
export const Happening = z.strictObject({
  at: Instant,
  kind: z.enum(['opened', 'closed', 'schema', 'command']),
  text: z.string(),
  href: z.string().nullable(),
});

export const Vitals = z.strictObject({
  services: Count,
  servicesReady: Count,
  queuedMessages: Count.nullable(),
  databaseBytes: Count.nullable(),
  isBrokerConnected: z.boolean(),
  isDatabaseConnected: z.boolean(),
});

/** Everything of the first page in one response. */
export const Now = z.strictObject({
  /** The server's clock: ages are counted from it. */
  now: Instant,
  version: z.string(),
  verdict: Verdict,
  /** Open ones, worst first, then oldest. */
  incidents: z.array(Incident),
  /** The live cycle, else the last one. */
  cycle: NowCycle.nullable(),
  nextCycleAt: Instant.nullable(),
  pipelines: z.array(NowPipeline),
  dbt: NowDbt,
  happened: z.array(Happening),
  /** 24 hours, by pipeline. */
  rowsPerHour: z.array(z.strictObject({ hour: Instant, pipeline: z.string(), rows: Count, rejected: Count })),
  vitals: Vitals,
  counts: z.strictObject({ rejected: Count, deadLetters: Count, failingNodes: Count }),
});
export type Now = z.infer<typeof Now>;

/** GET /api/status: the same in short, for scripts and `pipeline status`. */
export const Status = z.strictObject({
  now: Instant,
  version: z.string(),
  verdict: Verdict,
  incidents: z.array(Incident),
  cycle: NowCycle.nullable(),
  nextCycleAt: Instant.nullable(),
  pipelines: z.array(PipelineSummary),
  streams: z.strictObject({ total: Count, fresh: Count }),
  counts: z.strictObject({ rejected: Count, deadLetters: Count, failingNodes: Count }),
});
export type Status = z.infer<typeof Status>;
