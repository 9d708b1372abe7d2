import {
  decrypt,
  type EncryptionKey,
  encrypt,
  encryptionKey,
  keepResponse,
  releaseIdempotencyKey,
  sha256,
  takeIdempotencyKey,
} from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { Request } from 'express';
import { RequestError } from './errors.ts';
import { textOf } from './request-text.ts';

export interface Reply {
  status: number;
  body: unknown;
}

/** What the encryption of a response is bound to. */
const ENCRYPTED_AS = 'idempotency-key';

/** Acts once for each Idempotency-Key of a caller: a repetition gets what the first request came to. Without the header it just acts.
 *  Responses may hold a secret that is shown once, so they are kept encrypted: only who knows the Idempotency-Key, of which a hash is stored, can open them. */
export async function actOnce(pool: Pool, request: Request, caller: string, act: () => Promise<Reply>): Promise<Reply> {
  const given = request.get('idempotency-key');
  if (request.method !== 'POST' || given === undefined) return act();
  if (!/^[\x21-\x7e]{1,200}$/.test(given)) {
    throw new RequestError({
      status: 400,
      code: 'REQUEST_INVALID',
      message: 'Idempotency-Key: expected up to 200 visible characters',
    });
  }
  const key = sha256(`${caller}\n${given}`);
  const kept = await takeIdempotencyKey(pool, key, sha256(`${request.path}\n${textOf(request)}`));
  const responseKey = encryptionKey(sha256(`response\n${caller}\n${given}`).toString('hex'));
  if (kept !== undefined) return repeat(kept, responseKey);
  try {
    const reply = await act();
    const sealed = encrypt(responseKey, ENCRYPTED_AS, JSON.stringify(reply.body)).toString('base64');
    await keepResponse(pool, key, reply.status, sealed);
    return reply;
  } catch (error) {
    await releaseIdempotencyKey(pool, key).catch(() => undefined);
    throw error;
  }
}

function repeat(
  { status, body, isOther }: { status: number | null; body: unknown; isOther: boolean },
  responseKey: EncryptionKey,
): Reply {
  if (isOther)
    throw new RequestError({
      status: 409,
      code: 'KEY_USED_OTHERWISE',
      message: 'this Idempotency-Key belongs to another request',
    });
  if (status === null) {
    throw new RequestError({
      status: 409,
      code: 'KEY_UNDER_WAY',
      message: 'the first request of this Idempotency-Key is under way',
      retryAfterMs: 1_000,
    });
  }
  // Former versions kept them as they were.
  if (typeof body !== 'string') return { status, body };
  return { status, body: JSON.parse(decrypt(responseKey, ENCRYPTED_AS, Buffer.from(body, 'base64'))) };
}
