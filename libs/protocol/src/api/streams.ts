import { z } from 'zod';
import { Count, Instant, JsonValue, Outcome, PlainText, page, pageQuery, RowId, Seconds, State } from './form.ts';

/** The pipeline in short, which is the connection's name, and the stream. */
export const StreamParameters = z.strictObject({
  source: z.string().min(1).max(80),
  stream: z.string().min(1).max(120),
});

export const StreamDay = z.strictObject({
  day: z.iso.date(),
  rows: Count,
  rejected: Count,
  deleted: Count,
  bytes: Count,
  reads: Count,
});

export const StreamItem = z.strictObject({
  connection: z.string(),
  pipeline: z.string(),
  source: z.string(),
  stream: z.string(),
  /** The stream it is read together with. */
  parent: z.string().nullable(),
  outcome: Outcome.nullable(),
  activity: State.nullable(),
  loadedAt: Instant.nullable(),
  /** Older than this counts as late. Null: no goal, because it is read by hand or was never read. */
  goalSeconds: Seconds.nullable(),
  isLate: z.boolean(),
  isPaused: z.boolean(),
  /** Exact below 100,000. */
  rows: Count.nullable(),
  isRowsExact: z.boolean(),
  bytes: Count.nullable(),
  lastRead: z
    .strictObject({ runId: z.uuid(), rows: Count, rejected: Count, seconds: Seconds.nullable(), isFull: z.boolean() })
    .nullable(),
  openRejected: Count,
  error: z.string().nullable(),
  code: z.string().nullable(),
  /** Up to where it is read; null for streams without one. */
  bookmark: z.string().nullable(),
  /** Twelve, oldest first. */
  days: z.array(StreamDay),
});
export type StreamItem = z.infer<typeof StreamItem>;

export const StreamsQuery = z.strictObject({
  source: z.string().max(80).optional(),
  state: z.enum(['attention', 'changed']).optional(),
  q: z.string().max(120).optional(),
});
/** All at once: there is no paging below 500. */
export const Streams = page(StreamItem);

export const StreamRead = z.strictObject({
  runId: z.uuid(),
  epoch: z.string(),
  state: z.enum(['live', 'loaded', 'incomplete', 'failed', 'interrupted', 'superseded']),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
  seconds: Seconds.nullable(),
  rows: Count,
  rejected: Count,
  deleted: Count,
  bytes: Count,
  isFull: z.boolean(),
  error: z.string().nullable(),
});

export const Stream = z.strictObject({
  ...StreamItem.shape,
  schema: z.string(),
  table: z.string().nullable(),
  keyColumns: z.array(z.string()),
  replicationKey: z.string().nullable(),
  deletedRows: Count.nullable(),
  /** `GET /crm/objects/deals` */
  endpoint: z.string().nullable(),
  expectedRows: Count.nullable(),
  expectedSeconds: Seconds.nullable(),
  /** Newest first, 20. */
  reads: z.array(StreamRead),
  /** dbt models downstream, with the state of the last build. */
  feeds: z.array(z.strictObject({ id: z.string(), name: z.string(), kind: z.string(), state: z.string().nullable() })),
  /** Why no backfill is possible; null: it is. */
  backfillRefusal: z.string().nullable(),
});
export type Stream = z.infer<typeof Stream>;

export const Column = z.strictObject({
  name: z.string(),
  type: z.string(),
  /** Name in the source. Null: a column of ours. */
  property: z.string().nullable(),
  isKey: z.boolean(),
  isNullable: z.boolean(),
  since: Instant.nullable(),
  changes: z.array(
    z.strictObject({ at: Instant, change: z.string(), fromType: z.string().nullable(), toType: z.string().nullable() }),
  ),
  checks: z.array(z.strictObject({ name: z.string(), definition: z.string() })),
  comment: z.string().nullable(),
});
export const Columns = page(Column);

export const SchemaChange = z.strictObject({
  id: RowId,
  at: Instant,
  connection: z.string(),
  stream: z.string(),
  table: z.string(),
  column: z.string().nullable(),
  change: z.string(),
  fromType: z.string().nullable(),
  toType: z.string().nullable(),
});
export type SchemaChange = z.infer<typeof SchemaChange>;
export const ChangesQuery = z.strictObject({ ...pageQuery });
export const SchemaChanges = page(SchemaChange);

export const DaysQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(30) });
export const Days = page(StreamDay);

/** One bookmark there has been. `value` is JSON text, exact in every number. */
export const StoredState = z.strictObject({
  id: RowId,
  value: z.string(),
  isCurrent: z.boolean(),
  setBy: z.string(),
  appliedAt: Instant,
  runId: z.uuid().nullable(),
  epoch: z.string().nullable(),
});
export const StatesQuery = z.strictObject({ ...pageQuery });
export const States = page(StoredState);

/** PUT …/state: a state, or one of former times. */
export const StateRequest = z.union([
  z.strictObject({ bookmarks: z.record(z.string(), z.record(z.string(), JsonValue)) }).catchall(JsonValue),
  z.strictObject({ stateId: RowId }),
]);

/** How a command on a stream takes effect. */
export const StreamChange = z.strictObject({
  restarted: z.boolean(),
  requested: z.boolean(),
  message: z.string(),
});

/** How many columns the tables of a stream and its children may have now. */
export const ColumnsAllowed = z.strictObject({
  allowed: z.array(z.strictObject({ stream: z.string(), columns: Count })),
  message: z.string(),
});

export const RefreshRequest = z.strictObject({ massDeletes: z.boolean().default(false) }).prefault({});
export const BackfillRequest = z.strictObject({
  /** A day, or an instant with its offset: 2026-01-31, 2026-01-31T08:00:00Z. */
  from: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], {
      error: 'expected a date: 2026-01-31 or 2026-01-31T08:00:00Z',
    })
    .transform((text) => new Date(text).toISOString()),
});
/** DELETE …/state: type the stream's name. */
export const ResetRequest = z.strictObject({ expected: PlainText(120).optional() }).prefault({});

export const PREVIEW_ROWS = 50;
/** Newest rows as text, cut at 200 characters. */
export const Preview = z.strictObject({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string().nullable())),
  readAt: Instant,
});
