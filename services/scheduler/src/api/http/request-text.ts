import type { IncomingMessage } from 'node:http';
import { RequestError } from './errors.ts';

const texts = new WeakMap<IncomingMessage, string>();

/** Keeps the body of a request as it came, for `express.json({verify})`. */
export function keepText(request: IncomingMessage, _response: unknown, body: Buffer): void {
  texts.set(request, body.toString('utf8'));
}

export const textOf = (request: IncomingMessage): string => texts.get(request) ?? '';

/** @throws RequestError `NUL_CHARACTER` when a text anywhere in it holds one: PostgreSQL would refuse it later, as a defect of ours. */
export function checkNoNul(value: unknown, path = 'request'): void {
  if (typeof value === 'string') {
    if (!value.includes('\0')) return;
    const fields = [{ path, message: 'holds a NUL character' }];
    throw new RequestError({ status: 400, code: 'NUL_CHARACTER', message: `${path} holds a NUL character`, fields });
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    checkNoNul(name, path);
    checkNoNul(item, path === 'request' ? name : `${path}.${name}`);
  }
}
