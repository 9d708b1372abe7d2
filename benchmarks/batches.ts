import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { constants, zstdCompressSync } from 'node:zlib';
import type { Message } from '@pipeline/broker';
import type { Claim } from '@pipeline/control';
import { type BatchHeaders, batchMessageId, batchRoutingKey, SINGER_EXCHANGE } from '@pipeline/protocol';
import type { Dataset } from './dataset.ts';
import { STREAM } from './dataset.ts';

/** A tap cuts its batches near 1 MiB compressed; these records compress about six times. */
const RAW_BYTES = 6 * 1024 * 1024;
const NEWLINE = 10;
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** The dataset as the messages that a tap would have published, ready to send: what is measured is the loader. */
export function* batchMessages(dataset: Dataset, claim: Claim, firstSeq: number): Generator<Message> {
  let seq = firstSeq;
  for (const records of recordPieces(dataset)) yield batchMessage(dataset, claim, seq++, records);
}

/** The RECORD lines between SCHEMA and STATE. */
function* recordPieces({ singerFile, schemaLine, stateLine }: Dataset): Generator<Buffer> {
  const file = openSync(singerFile, 'r');
  const end = fstatSync(file).size - Buffer.byteLength(stateLine) - 1;
  for (let at = Buffer.byteLength(schemaLine) + 1; at < end; ) {
    const bytes = Buffer.allocUnsafe(Math.min(RAW_BYTES, end - at));
    readSync(file, bytes, 0, bytes.length, at);
    const piece = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
    yield piece;
    at += piece.length;
  }
  closeSync(file);
}

function batchMessage(dataset: Dataset, claim: Claim, seq: number, records: Buffer): Message {
  const body = zstdCompressSync(Buffer.concat([Buffer.from(`${dataset.schemaLine}\n`), records]), COMPRESSION);
  const headers = {
    v: 1,
    source: claim.source,
    pipeline: claim.pipeline,
    run: claim.runId,
    task: claim.taskId,
    epoch: claim.epoch,
    stream: STREAM,
    seq,
    rows: countLines(records),
    sha256: createHash('sha256').update(body).digest('hex'),
    checkpoint: false,
    final: false,
  } satisfies BatchHeaders;
  return {
    exchange: SINGER_EXCHANGE,
    routingKey: batchRoutingKey(claim.source, STREAM),
    messageId: batchMessageId(headers),
    type: 'batch',
    headers,
    body,
    contentType: 'application/x-ndjson',
    contentEncoding: 'zstd',
  };
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
