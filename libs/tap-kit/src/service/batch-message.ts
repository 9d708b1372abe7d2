import { createHash } from 'node:crypto';
import type { Message } from '@pipeline/broker';
import type { Claim } from '@pipeline/control';
import { type BatchHeaders, batchMessageId, batchRoutingKey, type Manifest, SINGER_EXCHANGE } from '@pipeline/protocol';
import type { EncodedBatch } from './encoded-batch.ts';

/** The message that carries a batch. With a manifest it is the attempt's final one. */
export function batchMessage(claim: Claim, batch: EncodedBatch, seq: number, manifest?: Manifest): Message {
  const headers = {
    v: 1,
    source: claim.source,
    pipeline: claim.pipeline,
    run: claim.runId,
    task: claim.taskId,
    epoch: claim.epoch,
    stream: batch.stream,
    seq,
    rows: batch.rows,
    sha256: createHash('sha256').update(batch.body).digest('hex'),
    checkpoint: batch.hasState,
    final: manifest !== undefined,
    ...(manifest === undefined ? {} : { manifest: JSON.stringify(manifest) }),
  } satisfies BatchHeaders;
  return {
    exchange: SINGER_EXCHANGE,
    routingKey: batchRoutingKey(claim.source, batch.stream),
    messageId: batchMessageId(headers),
    type: 'batch',
    headers,
    contentType: 'application/x-ndjson',
    contentEncoding: 'zstd',
    body: batch.body,
  };
}
