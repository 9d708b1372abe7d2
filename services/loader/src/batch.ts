import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import {
  BATCH_RAW_BYTES_MAX,
  BatchHeaders,
  batchesQueue,
  batchRoutingKey,
  LOADER_USER,
  Manifest,
  PipelineError,
  SCHEDULER_USER,
  tapUser,
} from '@pipeline/protocol';
import { isJsonObject, parseJson, type SchemaMessage } from '@pipeline/singer';

const decompress = promisify(zstdDecompress);

/** Most batches fit into one piece of this size: pieces of zlib's usual 16 KiB cost a fifth of the loader's time. */
const RAW_PER_COMPRESSED = 8;
const CHUNK_BYTES_MIN = 16 * 1024;

/** A batch, opened: what the message's headers and its body say. */
export interface Batch {
  headers: BatchHeaders;
  manifest: Manifest | undefined;
  schema: SchemaMessage;
  /** RECORD lines. */
  records: Buffer;
  /** JSON of the STATE's value, if a checkpoint rides on the batch. */
  state: string | undefined;
  /** Size of the compressed body. */
  bytes: number;
}

export interface BatchDelivery {
  queue: string;
  messageId?: string | undefined;
  routingKey: string;
  /** The span of the attempt that sent it. */
  traceparent?: string | undefined;
  headers: Record<string, unknown>;
  body: Buffer;
  /** The user who published it, as the broker vouches. */
  sender?: string | undefined;
  /** The user who reads it: ourselves. */
  reader?: string | undefined;
}

/** Opens a delivery and checks that envelope and body say the same: the queue it came from, the routing key, its sender, the headers,
 *  the hash and the SCHEMA line.
 *  @throws PipelineError `BATCH_INVALID`: it goes to the dead letters, no repetition mends it. */
export async function openBatch(delivery: BatchDelivery): Promise<Batch> {
  const headers = parseHeaders(delivery);
  if (createHash('sha256').update(delivery.body).digest('hex') !== headers.sha256) {
    throw invalid(headers, 'its body does not have the announced hash');
  }
  const raw = await decompressBody(headers, delivery.body);
  const schemaEnd = raw.indexOf(0x0a);
  const schema = parseSchema(headers, raw.toString('utf8', 0, schemaEnd === -1 ? raw.length : schemaEnd));
  const rest = schemaEnd === -1 ? Buffer.alloc(0) : raw.subarray(schemaEnd + 1);
  const { records, state } = headers.checkpoint ? splitState(headers, rest) : { records: rest, state: undefined };
  return { headers, manifest: parseManifest(headers), schema, records, state, bytes: delivery.body.length };
}

function parseHeaders(delivery: BatchDelivery): BatchHeaders {
  const parsed = BatchHeaders.safeParse(delivery.headers);
  if (!parsed.success) throw invalid({}, 'its headers are not those of a batch');
  const headers = parsed.data;
  if (
    delivery.queue !== batchesQueue(headers.source) ||
    delivery.routingKey !== batchRoutingKey(headers.source, headers.stream)
  ) {
    throw invalid(headers, `it came by ${delivery.routingKey} from ${delivery.queue}`);
  }
  if (!isFromItsTap(delivery, headers.source)) {
    throw invalid(headers, `its sender is ${delivery.sender ?? 'not named'}, not ${tapUser(headers.source)}`);
  }
  return headers;
}

/** A batch comes from the tap of its source, or again from the scheduler, which replays dead letters. Where all services share one user of the broker,
 *  there is nothing to tell them apart by. */
function isFromItsTap({ sender, reader }: BatchDelivery, source: string): boolean {
  if (sender === tapUser(source) || sender === SCHEDULER_USER) return true;
  return reader !== LOADER_USER && (sender === undefined || sender === reader);
}

async function decompressBody(headers: BatchHeaders, body: Buffer): Promise<Buffer> {
  try {
    const chunkSize = Math.min(BATCH_RAW_BYTES_MAX, Math.max(CHUNK_BYTES_MIN, RAW_PER_COMPRESSED * body.length));
    return await decompress(body, { maxOutputLength: BATCH_RAW_BYTES_MAX, chunkSize });
  } catch (cause) {
    throw invalid(headers, `its body is not zstd of at most ${BATCH_RAW_BYTES_MAX} bytes`, cause);
  }
}

function parseSchema(headers: BatchHeaders, line: string): SchemaMessage {
  const message = parseJsonLine(headers, line);
  if (!isJsonObject(message) || message['type'] !== 'SCHEMA' || !isJsonObject(message['schema'])) {
    throw invalid(headers, 'its first line is not a SCHEMA');
  }
  if (message['stream'] !== headers.stream) throw invalid(headers, 'its SCHEMA is of another stream');
  const keys = message['key_properties'];
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) {
    throw invalid(headers, 'its SCHEMA has no key_properties');
  }
  return {
    type: 'SCHEMA',
    stream: headers.stream,
    schema: message['schema'] as SchemaMessage['schema'],
    key_properties: keys,
  };
}

/** The STATE is the last line. */
function splitState(headers: BatchHeaders, lines: Buffer): { records: Buffer; state: string } {
  const end = lines.at(-1) === 0x0a ? lines.length - 1 : lines.length;
  const start = lines.lastIndexOf(0x0a, end - 1) + 1;
  const message = parseJsonLine(headers, lines.toString('utf8', start, end));
  if (!isJsonObject(message) || message['type'] !== 'STATE') throw invalid(headers, 'its last line is not a STATE');
  return { records: lines.subarray(0, start), state: JSON.stringify(message['value']) };
}

function parseManifest(headers: BatchHeaders): Manifest | undefined {
  if (!headers.final) return undefined;
  const parsed = Manifest.safeParse(JSON.parse(headers.manifest ?? 'null'));
  if (!parsed.success) throw invalid(headers, 'it is final and has no manifest');
  return parsed.data;
}

function parseJsonLine(headers: BatchHeaders, line: string) {
  try {
    return parseJson(line);
  } catch (cause) {
    throw invalid(headers, 'a line of its body is not JSON', cause);
  }
}

function invalid(headers: Partial<BatchHeaders>, reason: string, cause?: unknown): PipelineError {
  const { source = null, stream = null, epoch = null, seq = null } = headers;
  return new PipelineError({
    code: 'BATCH_INVALID',
    recovery: 'fail',
    message: `a batch cannot be read: ${reason}`,
    context: { source, stream, epoch, seq },
    cause,
  });
}
