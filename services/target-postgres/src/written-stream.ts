import type { PipelineError, RejectionCounts } from '@pipeline/protocol';
import type { SchemaMessage } from '@pipeline/singer';
import type { RejectedRecord } from '@pipeline/warehouse';
import type { BatchNumber, StreamCounts } from './batch-loader.ts';
import type { PendingRecords } from './pending-records.ts';

/** A stream's records on their way into its table. */
export interface WrittenStream {
  name: string;
  schema: SchemaMessage;
  pending: PendingRecords;
  /** Records among them that the stream's schema refuses. */
  invalid: RejectedRecord[];
  counts: StreamCounts;
  /** Records that were handed to a writer. */
  taken: number;
  /** Batches under way. */
  writing: Set<Promise<void>>;
  /** Committed batches whose STATEs wait, for most of the stream is rejected. */
  held: object[];
  /** Why nothing of the stream is written any more. What it has not committed holds every later STATE back. */
  failure: PipelineError | undefined;
}

export interface CutBatch {
  lines: Buffer;
  /** Where each stood in the input. */
  lineNumbers: number[];
  invalid: RejectedRecord[];
  schema: SchemaMessage;
  number: BatchNumber;
}

export function newStream(schema: SchemaMessage, pending: PendingRecords): WrittenStream {
  return {
    name: schema.stream,
    schema,
    pending,
    invalid: [],
    counts: { loaded: 0, rejected: 0, sanitised: 0, stale: 0 },
    taken: 0,
    writing: new Set(),
    held: [],
    failure: undefined,
  };
}

export function recordsOf({ loaded, rejected }: StreamCounts): RejectionCounts {
  return { rows: loaded + rejected, rejected };
}

export function linesBefore(lines: Buffer, count: number): Buffer {
  let end = 0;
  for (let line = 0; line < count; line++) end = lines.indexOf(10, end) + 1;
  return lines.subarray(0, end);
}
