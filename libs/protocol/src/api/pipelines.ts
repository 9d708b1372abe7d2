import { z } from 'zod';
import { StreamName } from '../pipeline-name.ts';
import { Count, Instant, Outcome, PlainText, page, Seconds, State } from './form.ts';
import { Schedule } from './schedule.ts';

/** In full or in short: `pipeline_xero_to_postgres`, `xero`. */
export const PipelineParameters = z.strictObject({ name: z.string().min(1).max(80) });

export const Pause = z.strictObject({
  at: Instant,
  by: z.string(),
  reason: z.string().nullable(),
  /** Goes on by itself then. */
  until: Instant.nullable(),
});
export type Pause = z.infer<typeof Pause>;

/** How the last run that ended came out. It stays until the next one has ended. */
export const LastOutcome = z.strictObject({
  runId: z.uuid(),
  cycleId: z.uuid(),
  state: Outcome,
  startedAt: Instant,
  finishedAt: Instant,
  seconds: Seconds,
  waitedSeconds: Seconds,
  rows: Count,
  rejected: Count,
  /** Streams that failed, with the code: `timelogs, SOURCE_FORBIDDEN`. */
  failed: z.array(z.strictObject({ stream: z.string(), code: z.string().nullable(), error: z.string() })),
  error: z.string().nullable(),
});
export type LastOutcome = z.infer<typeof LastOutcome>;

/** What a pipeline does now. */
export const Activity = z.strictObject({
  runId: z.uuid(),
  state: z.enum(['queued', 'reading', 'waiting', 'loading']),
  startedAt: Instant,
  /** The stream that is furthest from its end. */
  stream: z.string().nullable(),
  /** Committed rows of that stream. */
  rows: Count,
  /** Null without history: then there is no bar. */
  expectedRows: Count.nullable(),
  /** Committed, over the last 10 s. */
  rowsPerSecond: z.number().nonnegative().nullable(),
  /** 0 to 0.99. Null: not to be said. */
  progress: z.number().min(0).max(0.99).nullable(),
  /** More rows than usual by now: no bar any more. */
  isMoreThanUsual: z.boolean(),
  waitingFor: z.string().nullable(),
  waitingUntil: Instant.nullable(),
  tasksDone: Count,
  tasks: Count,
  expectedEndAt: Instant.nullable(),
});
export type Activity = z.infer<typeof Activity>;

export const PipelineSummary = z.strictObject({
  name: z.string(),
  connection: z.string(),
  source: z.string(),
  /** As people write it: `HubSpot`. */
  label: z.string(),
  /** A tap for it has been seen within 20 s. */
  isAlive: z.boolean(),
  /** A run is asked for and has not begun. */
  isRequested: z.boolean(),
  pause: Pause.nullable(),
  outcome: LastOutcome.nullable(),
  activity: Activity.nullable(),
  schedule: Schedule,
  /** Null: by hand only, paused, or after the cycle that is live. */
  nextRunAt: Instant.nullable(),
  failuresInRow: Count,
  oldestStream: z.strictObject({ stream: z.string(), loadedAt: Instant.nullable(), isLate: z.boolean() }).nullable(),
});
export type PipelineSummary = z.infer<typeof PipelineSummary>;
export const Pipelines = page(PipelineSummary);

export const PipelineDetail = z.strictObject({
  ...PipelineSummary.shape,
  targetSchema: z.string(),
  streams: z.array(
    z.strictObject({
      name: z.string(),
      children: z.array(z.string()),
      replicationKey: z.string().nullable(),
      state: State,
    }),
  ),
});

const PAUSE_DAYS_MAX = 366;
export const PauseRequest = z
  .strictObject({
    reason: PlainText(500).nullable().default(null),
    until: Instant.refine(
      (text) => Date.parse(text) < Date.now() + PAUSE_DAYS_MAX * 86_400_000,
      'is more than a year ahead',
    )
      .nullable()
      .default(null),
  })
  .prefault({});

/** Of one pipeline. Without streams: all that are selected. */
export const RunRequest = z
  .strictObject({
    streams: z.array(StreamName).min(1).max(500).optional(),
    /** Reads every stream from its beginning, which also finds rows that vanished without a trace. */
    fullRead: z.boolean().default(false),
    /** Believes it when most rows of a stream are missing from the source. */
    massDeletes: z.boolean().default(false),
  })
  .prefault({});

/** What a command that takes effect later did. */
export const Requested = z.strictObject({
  requestedAt: Instant,
  pipelines: z.array(z.string()),
  /** `starts with the next cycle` */
  message: z.string(),
});
export type Requested = z.infer<typeof Requested>;
