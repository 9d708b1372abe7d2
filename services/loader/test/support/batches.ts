import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { Claim } from '@pipeline/control';
import type { BatchHeaders, Manifest } from '@pipeline/protocol';
import type { JsonObject, SchemaMessage } from '@pipeline/singer';
import type { Batch } from '../../src/batch.ts';

const compress = promisify(zstdCompress);

export const limits = { rejectedMax: 0, rejectedShare: 0 };
const silent = () => undefined;
export const logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };

/** A stream without a key: a row that is written twice, or not at all, shows. */
export function schemaOf(stream: string): SchemaMessage {
  return {
    type: 'SCHEMA',
    stream,
    schema: { type: 'object', properties: { id: { type: 'integer' } } },
    key_properties: [],
  };
}

/** What a tap makes of these records: the message, and what a loader reads in it. */
export async function batchOf(
  claim: Claim,
  {
    seq,
    records,
    manifest,
    schema = schemaOf(claim.stream),
  }: { seq: number; records: JsonObject[]; manifest?: Manifest; schema?: SchemaMessage },
): Promise<{ batch: Batch; headers: BatchHeaders; body: Buffer }> {
  const lines = records
    .map((record) => `${JSON.stringify({ type: 'RECORD', stream: claim.stream, record })}\n`)
    .join('');
  const body = await compress(`${JSON.stringify(schema)}\n${lines}`);
  const headers: BatchHeaders = {
    v: 1,
    source: claim.source,
    pipeline: claim.pipeline,
    run: claim.runId,
    task: claim.taskId,
    epoch: claim.epoch,
    stream: claim.stream,
    seq,
    rows: records.length,
    sha256: createHash('sha256').update(body).digest('hex'),
    checkpoint: false,
    final: manifest !== undefined,
    ...(manifest === undefined ? {} : { manifest: JSON.stringify(manifest) }),
  };
  const batch = { headers, manifest, schema, records: Buffer.from(lines), state: undefined, bytes: body.length };
  return { batch, headers, body };
}
