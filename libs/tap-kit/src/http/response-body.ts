import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { PipelineError } from '@pipeline/protocol';

/** Largest body of a response after decompression, in bytes. It bounds what a hostile or broken source costs. */
export const RESPONSE_BYTES_MAX = 64 * 1024 * 1024;

/** Asked for in every request. */
export const ACCEPT_ENCODING = 'gzip, br';

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** A body as text, and what it took on the network. */
export interface Body {
  text: string;
  /** As they came, compressed: what a source charges for. */
  bytes: number;
}

/** Reads a body to its end. A body that is cut is an error even where the cut falls between two network packets: axios' own
 *  decompression would take the beginning for the whole.
 *  @throws PipelineError `SOURCE_RESPONSE_TOO_LARGE`, `SOURCE_MALFORMED_RESPONSE` */
export async function readBody(body: Readable, encoding: string | undefined, signal: AbortSignal): Promise<Body> {
  const decoded = decode(body, encoding);
  const onAbort = () => decoded.destroy(new Error('the request took too long'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of decoded) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('the body is not read as bytes');
      bytes += chunk.length;
      if (bytes > RESPONSE_BYTES_MAX) throw tooLarge();
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    return { text, bytes: decoded === body ? bytes : bytesInto(decoded) };
  } finally {
    signal.removeEventListener('abort', onAbort);
    body.destroy();
  }
}

function decode(body: Readable, encoding = 'identity'): Readable {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const decoder = decoders[name];
  if (decoder === undefined) throw unknownEncoding();
  // An error of the body destroys the decoder with it; whoever reads the decoder sees it.
  return pipeline(body, decoder(), () => undefined);
}

/** What a decoder was given. */
function bytesInto(decoder: Readable): number {
  return 'bytesWritten' in decoder && typeof decoder.bytesWritten === 'number' ? decoder.bytesWritten : 0;
}

function tooLarge(): PipelineError {
  return new PipelineError({
    code: 'SOURCE_RESPONSE_TOO_LARGE',
    recovery: 'fail',
    message: `the response is larger than ${RESPONSE_BYTES_MAX} bytes after decompression`,
  });
}

function unknownEncoding(): PipelineError {
  return new PipelineError({
    code: 'SOURCE_MALFORMED_RESPONSE',
    recovery: 'retry',
    message: 'the response has a content encoding that was not asked for',
  });
}
