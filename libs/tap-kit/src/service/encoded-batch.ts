import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { BATCH_BYTES_MAX, PipelineError } from '@pipeline/protocol';
import type { BatchDraft } from './batcher.ts';

const compress = promisify(zstdCompress);
/** Level 1 carries twice as many records through the broker as no compression, and higher levels cost more than they save. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const LINE_END = 0x0a;

/** Largest RECORD line, in bytes: with a batch's other records it stays below what a loader opens. */
export const RECORD_BYTES_MAX = 16 * 1024 * 1024;

/** The body of a batch: a Singer document that stands on its own. */
export interface EncodedBatch {
  stream: string;
  rows: number;
  hasState: boolean;
  rawBytes: number;
  body: Buffer;
}

/** A record that no batch can hold. */
export interface Oversized {
  stream: string;
  line: string;
  reason: string;
}

/** Makes batches of a draft: one as a rule, more where it compresses worse than foreseen, never none. The compression runs off the main thread.
 *  @param onOversized is given the records that fit into no batch. */
export async function encodeBatches(
  schemaLine: string,
  draft: BatchDraft,
  onOversized: (record: Oversized) => Promise<void>,
): Promise<EncodedBatch[]> {
  const raw = documentOf([schemaLine, ...draft.lines, ...(draft.state === undefined ? [] : [draft.state])]);
  const body = await compress(raw, COMPRESSION);
  if (body.length <= BATCH_BYTES_MAX) {
    const { stream, lines, state } = draft;
    return [{ stream, rows: lines.length, hasState: state !== undefined, rawBytes: raw.length, body }];
  }
  if (draft.lines.length === 0) throw schemaTooLarge(draft.stream, body.length);
  const [line] = draft.lines;
  if (draft.lines.length === 1 && line !== undefined) {
    const reason = `the record has ${body.length} bytes after compression, more than the ${BATCH_BYTES_MAX} of a batch`;
    await onOversized({ stream: draft.stream, line, reason });
    return encodeBatches(schemaLine, { ...draft, lines: [] }, onOversized);
  }
  const middle = Math.ceil(draft.lines.length / 2);
  const first = await encodeBatches(
    schemaLine,
    { ...draft, lines: draft.lines.slice(0, middle), state: undefined },
    onOversized,
  );
  const second = await encodeBatches(schemaLine, { ...draft, lines: draft.lines.slice(middle) }, onOversized);
  return [...first, ...second];
}

/** The lines as bytes. Joined to one text first, they would be in memory three times. */
function documentOf(lines: readonly string[]): Buffer {
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  const document = Buffer.allocUnsafeSlow(bytes);
  let end = 0;
  for (const line of lines) {
    end += document.write(line, end);
    end = document.writeUInt8(LINE_END, end);
  }
  return document;
}

function schemaTooLarge(stream: string, bytes: number): PipelineError {
  return new PipelineError({
    code: 'SCHEMA_TOO_LARGE',
    recovery: 'fail',
    message: `schema and state of ${stream} alone have ${bytes} bytes, more than the ${BATCH_BYTES_MAX} of a batch`,
  });
}
