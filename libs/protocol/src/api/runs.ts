import { z } from 'zod';
import { Count, Instant, JsonValue, Outcome, page, pageQuery, RowId, Seconds, State } from './form.ts';

export const RunParameters = z.strictObject({ id: z.uuid() });

export const RunItem = z.strictObject({
  id: z.uuid(),
  cycleId: z.uuid(),
  pipeline: z.string(),
  source: z.string(),
  label: z.string(),
  state: z.enum(['running', ...Outcome.options]),
  by: z.string(),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
  seconds: Seconds,
  rowsRead: Count,
  rowsLoaded: Count,
  rejected: Count,
  error: z.string().nullable(),
});
export type RunItem = z.infer<typeof RunItem>;

export const RunsQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(['running', ...Outcome.options]).optional(),
  pipeline: z.string().max(80).optional(),
});
export const Runs = page(RunItem);

/** What went wrong, for the card on top. */
export const RunProblem = z.strictObject({
  stream: z.string().nullable(),
  code: z.string().nullable(),
  what: z.string(),
  remedy: z.string().nullable(),
  effect: z.string().nullable(),
});

/** What a tap found that a person should know and that stopped nothing. */
export const RunNotice = z.strictObject({
  stream: z.string(),
  code: z.string(),
  /** Without values of records. */
  message: z.string(),
  /** How often it was said in this run. */
  count: Count,
});
export type RunNotice = z.infer<typeof RunNotice>;

export const Run = z.strictObject({
  ...RunItem.shape,
  problems: z.array(RunProblem),
  notices: z.array(RunNotice),
  deleted: Count,
  bytes: Count,
  /** Null: the tap has not told. */
  requests: Count.nullable(),
  requestsFailed: Count.nullable(),
  waitedSeconds: Seconds,
  waitedFor: z.array(z.string()),
  /** Of the last runs of the same kind that were loaded. Null: too few, or too different. */
  usualSeconds: z.strictObject({ from: Seconds, to: Seconds }).nullable(),
  previousId: z.uuid().nullable(),
  nextId: z.uuid().nullable(),
  failedStreams: z.array(z.string()),
  version: z.string(),
});
export type Run = z.infer<typeof Run>;

export const Wait = z.strictObject({ limit: z.string(), from: Instant, until: Instant });

/** One try of a task. Its number is the epoch. */
export const Attempt = z.strictObject({
  epoch: z.string(),
  state: z.enum(['live', 'loaded', 'incomplete', 'failed', 'interrupted', 'superseded']),
  claimedBy: z.string(),
  startedAt: Instant,
  extractedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  fullRead: z.boolean(),
  rowsRead: Count,
  requests: Count.nullable(),
  requestsFailed: Count.nullable(),
  windowFrom: z.string().nullable(),
  windowTo: z.string().nullable(),
  waits: z.array(Wait),
  error: z.string().nullable(),
});

export const TaskItem = z.strictObject({
  id: z.uuid(),
  stream: z.string(),
  children: z.array(z.string()),
  state: State,
  queuedAt: Instant,
  startedAt: Instant.nullable(),
  extractedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  seconds: Seconds.nullable(),
  rowsRead: Count,
  rowsLoaded: Count,
  rejected: Count,
  deleted: Count,
  bytes: Count,
  expectedRows: Count.nullable(),
  waitingFor: z.string().nullable(),
  waitingUntil: Instant.nullable(),
  /** No batch was committed for 15 minutes. */
  isStuck: z.boolean(),
  error: z.string().nullable(),
  code: z.string().nullable(),
  /** Instants of its commits, the newest 200. */
  commits: z.array(Instant),
  commitCount: Count,
  /** Newest first. */
  attempts: z.array(Attempt),
});
export type TaskItem = z.infer<typeof TaskItem>;
export const Tasks = page(TaskItem);

export const BatchesQuery = z.strictObject({ ...pageQuery, stream: z.string().max(120).optional() });
export const BatchItem = z.strictObject({
  epoch: z.string(),
  seq: z.number().int(),
  stream: z.string(),
  rows: Count,
  rejected: Count,
  sanitised: Count,
  bytes: Count,
  loadedAt: Instant,
  isSkipped: z.boolean(),
});
export const Batches = page(BatchItem);

export const LogLevel = z.enum(['debug', 'info', 'warn', 'error']);
export const LogLine = z.strictObject({
  id: RowId,
  at: Instant,
  level: LogLevel,
  service: z.string(),
  stream: z.string().nullable(),
  message: z.string(),
  fields: z.record(z.string(), JsonValue),
});
export type LogLine = z.infer<typeof LogLine>;

/** Oldest first; `after` follows a live run. */
export const LogQuery = z.strictObject({
  ...pageQuery,
  /** This level and worse. */
  level: LogLevel.optional(),
  stream: z.string().max(120).optional(),
  /** Text in the message, whatever its case. */
  q: z.string().max(200).optional(),
  after: RowId.optional(),
});
export const LogPage = page(LogLine).extend({
  counts: z.strictObject({ all: Count, warn: Count, error: Count }),
});

export const CancelResponse = z.strictObject({ id: z.uuid(), cancelledTasks: Count, message: z.string() });
