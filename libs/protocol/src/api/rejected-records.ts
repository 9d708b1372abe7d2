import { z } from 'zod';
import { Count, Instant, page, pageQuery, QueryFlag, RowId } from './form.ts';

export const RejectedState = z.enum(['open', 'replaying', 'replayed', 'discarded']);

/** Opaque: names a stream, reason, column and constraint. */
export const GroupId = z.string().regex(/^[0-9a-f]{16}$/, 'is no id of a group: see /api/rejected-records/groups');

export const RejectedGroup = z.strictObject({
  id: GroupId,
  connection: z.string(),
  pipeline: z.string(),
  stream: z.string(),
  sqlstate: z.string().nullable(),
  column: z.string().nullable(),
  constraint: z.string().nullable(),
  reason: z.string(),
  count: Count,
  /** Those that are the newest of their record: the others are older states, perhaps of one that is in another group. */
  keys: Count,
  replaying: Count,
  since: Instant,
  newestAt: Instant,
  /** Records set aside by the last run. */
  lastRun: Count,
  cause: z.string(),
  remedy: z.string(),
  /** A statement that mends it, where there is one. */
  sql: z.string().nullable(),
});
export type RejectedGroup = z.infer<typeof RejectedGroup>;
export const GroupsQuery = z.strictObject({ ...pageQuery, connection: z.string().max(80).optional() });
export const RejectedGroups = page(RejectedGroup);

export const RejectedItem = z.strictObject({
  id: RowId,
  groupId: GroupId,
  connection: z.string(),
  pipeline: z.string(),
  stream: z.string(),
  /** Of operators and admins only. */
  key: z.string().nullable(),
  state: RejectedState,
  reason: z.string(),
  column: z.string().nullable(),
  constraint: z.string().nullable(),
  sqlstate: z.string().nullable(),
  rejectedAt: Instant,
  runId: z.uuid().nullable(),
  epoch: z.string().nullable(),
  seq: z.number().int().nullable(),
  /** Open records of the same key that are older. */
  older: Count,
});
export type RejectedItem = z.infer<typeof RejectedItem>;

export const RejectedQuery = z.strictObject({
  ...pageQuery,
  status: RejectedState.default('open'),
  group: GroupId.optional(),
  newest: QueryFlag,
  connection: z.string().max(80).optional(),
  stream: z.string().max(120).optional(),
  q: z.string().max(200).optional(),
});
export const RejectedRecords = page(RejectedItem);

export const RejectedRecord = z.strictObject({
  ...RejectedItem.shape,
  /** The RECORD line, as the tap wrote it. */
  record: z.string(),
  /** The row that is in the table now, as JSON text. Null: none, or the key is not known. */
  current: z.string().nullable(),
});
export const RecordParameters = z.strictObject({ id: RowId });

const IDS_MAX = 1_000;

/** Which records: some, or a group. `expected` is the number that the person was shown; another one now is a 409. */
export const CloseRequest = z.union([
  z.strictObject({ ids: z.array(RowId).min(1).max(IDS_MAX), expected: Count.optional() }),
  z.strictObject({ group: GroupId, newestOnly: z.boolean().default(false), expected: Count }),
]);
export const CloseResponse = z.strictObject({
  taken: Count,
  /** Of `ids`: those that were closed meanwhile. */
  notOpen: z.array(RowId),
  message: z.string(),
});
