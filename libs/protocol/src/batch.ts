import { z } from 'zod';
import { SourceName, StreamName } from './pipeline-name.ts';

/** Target size of a batch's compressed body, in bytes. Near 1 MiB the broker is not the bottleneck. */
export const BATCH_BYTES_TARGET = 1024 * 1024;

/** Largest compressed body a tap may publish, in bytes: well below the broker's 16 MiB. A record that does not fit goes to `rejected_records`. */
export const BATCH_BYTES_MAX = 4 * 1024 * 1024;

/** Largest body after decompression, in bytes: bounds the memory of whoever opens a batch. */
export const BATCH_RAW_BYTES_MAX = 32 * 1024 * 1024;

/** Most records in one batch. */
export const BATCH_ROWS_MAX = 50_000;

/** Batches per attempt are numbered below this: `_sdc_sequence = epoch * 2^24 + seq`. */
export const SEQ_LIMIT = 2 ** 24;

/** The `_sdc_sequence` of a batch: later extraction wins, whatever the order of arrival. */
export function sdcSequence(epoch: number, seq: number): bigint {
  return BigInt(epoch) * BigInt(SEQ_LIMIT) + BigInt(seq);
}

/** Which rows of a stream a complete attempt proves to be gone from the source.
 *  - `none`: nothing can be said, the stream was read incrementally.
 *  - `absent`: the whole stream was read, so every live row that this attempt did not bring is gone.
 *  - `absent-per-parent`: the children of every parent row that this attempt brought were read completely;
 *    `columns` maps child column to parent column. */
export const DeleteRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('absent') }),
  z.strictObject({
    kind: z.literal('absent-per-parent'),
    parent: StreamName,
    columns: z.record(z.string(), z.string()),
  }),
]);
export type DeleteRule = z.infer<typeof DeleteRule>;

/** Longest text in a manifest that says why something is not complete. */
const REASON_LENGTH_MAX = 400;
const Reason = z.string().max(REASON_LENGTH_MAX);

/** An error as a manifest names it: its code, then its text. */
export function reasonOf({ code, message }: { code: string; message: string }): string {
  return `${code}: ${message}`.slice(0, REASON_LENGTH_MAX);
}

/** The code of a reason that {@link reasonOf} has made, also behind the name of a stream. Null: it has none. */
export function codeOfReason(reason: string): string | null {
  return /^(?:[a-z0-9_]+: )?([A-Z][A-Z0-9_]+): /.exec(reason)?.[1] ?? null;
}

/** What an attempt says of itself on its final batch. `complete: false` means that the source was not read to its end
 *  (a shutdown, a daily limit): its checkpoints count, but nothing is deleted. */
export const Manifest = z.strictObject({
  lastSeq: z
    .int()
    .min(0)
    .max(SEQ_LIMIT - 1),
  complete: z.boolean(),
  /** Why it is not complete. */
  reason: Reason.optional(),
  streams: z.record(
    StreamName,
    z.strictObject({
      rows: z.int().min(0),
      deletes: DeleteRule,
      /** Why this stream was not read to its end, while the others were. */
      incomplete: Reason.optional(),
    }),
  ),
});
export type Manifest = z.infer<typeof Manifest>;

/** Headers of a batch message. Its body is a Singer document that stands on its own: SCHEMA, RECORDs of that stream,
 *  and at the end a STATE if the batch carries a checkpoint; NDJSON, zstd-compressed. */
export const BatchHeaders = z.object({
  v: z.literal(1),
  source: SourceName,
  pipeline: z.string(),
  run: z.uuid(),
  task: z.uuid(),
  epoch: z.int().min(1),
  stream: StreamName,
  seq: z
    .int()
    .min(0)
    .max(SEQ_LIMIT - 1),
  /** RECORD lines in the body. */
  rows: z.int().min(0).max(BATCH_ROWS_MAX),
  /** Of the compressed body, hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The body ends with a STATE. */
  checkpoint: z.boolean(),
  final: z.boolean(),
  /** JSON of {@link Manifest}, on the final batch only. */
  manifest: z.string().max(32_768).optional(),
});
export type BatchHeaders = z.infer<typeof BatchHeaders>;

/** `<epoch>/<seq>`: made once by the tap, it survives every retry. */
export function batchMessageId(headers: Pick<BatchHeaders, 'epoch' | 'seq'>): string {
  return `${headers.epoch}/${headers.seq}`;
}

/** Routing key on `pipeline.singer`. */
export function batchRoutingKey(source: string, stream: string): string {
  return `singer.${source}.${stream}`;
}
