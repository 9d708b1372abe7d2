import { createHmac } from 'node:crypto';
import { WebhookSignature } from '@pipeline/protocol/api';
import type { z } from 'zod';
import { verifyHook } from '../../src/hooks/verify.ts';

export const SIGNED_AT = Date.parse('2026-03-01T12:00:00Z');
export const HOOK_URL = 'https://pipeline.example.com/hooks/main';
const SECRET = 'a-signing-secret';

export const sign = (text: string, encoding: 'base64' | 'hex'): string =>
  createHmac('sha256', SECRET).update(text).digest(encoding);

interface Sent {
  body?: string;
  headers?: Record<string, string>;
  url?: string;
}

/** What the scheduler makes of a webhook of a source that signs like this. */
export function verifier(declared: z.input<typeof WebhookSignature>) {
  const signature = WebhookSignature.parse(declared);
  return ({ body = '', headers = {}, url = HOOK_URL }: Sent) =>
    verifyHook(
      signature,
      { method: 'POST', url, header: (name) => headers[name], body: Buffer.from(body) },
      SECRET,
      SIGNED_AT,
    );
}
