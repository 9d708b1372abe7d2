import { createHmac } from 'node:crypto';
import type { WebhookSignature } from '@pipeline/protocol/api';
import { isSame } from '../access/secrets.ts';

/** A request that says it is a webhook of a source, as it came. */
export interface HookRequest {
  method: string;
  /** As the sender addressed it: scheme, host, path and query. */
  url: string;
  header: (name: string) => string | undefined;
  body: Buffer;
}

/** `wake`: a genuine event. `respond`: genuine, but nothing has changed. `refuse`: not from the source, or too old. */
export type HookResult = { kind: 'wake' | 'refuse' } | { kind: 'respond'; headers: Record<string, string> };

export const REFUSE: HookResult = { kind: 'refuse' };
/** What is signed for a handshake can never be a list of events: nobody gets a payload signed by asking. */
const CHALLENGE = /^[\w+/=.-]{1,200}$/;

/** Says whether a webhook was signed with this secret, as its source signs. */
export function verifyHook(
  signature: WebhookSignature,
  request: HookRequest,
  secret: string,
  nowMs: number,
): HookResult {
  const given = request.header(signature.header) ?? '';
  const payload = readJson(request.body);
  const sign = (parts: (string | Buffer)[]) => hmac(secret, parts, signature.encoding);
  if (isHandshake(signature, payload)) {
    return CHALLENGE.test(given) ? { kind: 'respond', headers: { [signature.header]: sign([given]) } } : REFUSE;
  }
  const timestamp = readTimestamp(signature, request, nowMs);
  if (timestamp === undefined) return REFUSE;
  const parts = {
    method: request.method,
    url: decodeSome(request.url, signature.decodedEscapes),
    body: request.body,
    timestamp,
  };
  if (!isSigned(given, sign(signature.signs.map((part) => parts[part])), signature.encoding)) return REFUSE;
  const events = eventsOf(signature, payload);
  if (events === undefined) return REFUSE;
  return events.length > 0 ? { kind: 'wake' } : { kind: 'respond', headers: {} };
}

function isHandshake({ handshake }: WebhookSignature, payload: unknown): boolean {
  if (handshake === null || typeof payload !== 'object' || payload === null) return false;
  return Object.entries(handshake).every(([name, value]) => Reflect.get(payload, name) === value);
}

/** Undefined: too old, or further in the future, so that nothing can be replayed later. */
function readTimestamp({ timestamp }: WebhookSignature, { header }: HookRequest, nowMs: number): string | undefined {
  if (timestamp === null) return '';
  const text = header(timestamp.header) ?? '';
  const isFresh = /^\d{1,15}$/.test(text) && Math.abs(nowMs - Number(text)) <= timestamp.ageSecondsMax * 1_000;
  return isFresh ? text : undefined;
}

const decodeSome = (url: string, escapes: string[]): string =>
  url.replace(/%[0-9a-f]{2}/gi, (code) => (escapes.includes(code.toUpperCase()) ? decodeURIComponent(code) : code));

function eventsOf({ eventsProperty }: WebhookSignature, payload: unknown): unknown[] | undefined {
  const isObject = typeof payload === 'object' && payload !== null;
  const events = eventsProperty === null || !isObject ? payload : Reflect.get(payload, eventsProperty);
  return Array.isArray(events) ? events : undefined;
}

function hmac(secret: string, parts: (string | Buffer)[], encoding: WebhookSignature['encoding']): string {
  const digest = createHmac('sha256', secret);
  for (const part of parts) digest.update(part);
  return digest.digest(encoding);
}

/** Compared in constant time. Hexadecimal digits are the same in capitals. */
const isSigned = (given: string, expected: string, encoding: WebhookSignature['encoding']): boolean =>
  isSame(encoding === 'hex' ? given.toLowerCase() : given, expected);

/** Undefined: the body is no JSON. */
function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
