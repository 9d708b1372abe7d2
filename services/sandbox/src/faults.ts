import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Random } from './random.ts';
import type { SourceApi } from './source-api.ts';
import { SourceName } from './sources.ts';

export const FAULTS_MAX = 100;

/** A failure to inject. Several may be armed; the first that matches a request and is due strikes. */
export const Fault = z.strictObject({
  source: SourceName.optional().describe('default: every source'),
  kind: z
    .enum(['status', 'time-out', 'cut-body', 'expired-token'])
    .describe('`time-out` never responds; `cut-body` ends the connection in the middle of the real response'),
  status: z.int().min(400).max(599).default(500).describe('for `status`'),
  retryAfterSeconds: z.number().min(0).max(86_400).optional().describe('sent as Retry-After'),
  headers: z
    .record(z.string().regex(/^[a-z-]+$/), z.string())
    .default({})
    .describe('for `status`: sent with it, such as the name of the limit that was met'),
  path: z
    .string()
    .max(200)
    .refine(isRegExp, 'not a regular expression')
    .default('.*')
    .describe('regular expression over the path'),
  every: z.int().min(1).max(1_000_000).default(1).describe('strikes at every nth matching request'),
  probability: z.number().min(0).max(1).default(1),
  count: z.int().min(1).max(1_000_000).default(1).describe('strikes this many times, then it is spent'),
});
export type Fault = z.infer<typeof Fault>;
export type FaultInput = z.input<typeof Fault>;

interface ArmedFault extends Fault {
  pattern: RegExp;
  seen: number;
  struck: number;
}

/** The faults armed for all sources. */
export class Faults {
  readonly #random: Random;
  #armed: ArmedFault[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** @throws RangeError when too many are armed, ZodError when one makes no sense. */
  arm(input: FaultInput): void {
    const fault = Fault.parse(input);
    if (this.#armed.length >= FAULTS_MAX) throw new RangeError(`at most ${FAULTS_MAX} faults may be armed`);
    this.#armed.push({ ...fault, pattern: new RegExp(fault.path), seen: 0, struck: 0 });
  }

  clear(): void {
    this.#armed = [];
  }

  list(): (Fault & { seen: number; struck: number })[] {
    return this.#armed.map(({ pattern, ...fault }) => fault);
  }

  /** The fault that strikes this request, counted as used. */
  strike(source: string, path: string): Fault | undefined {
    return this.#armed.find((fault) => {
      if ((fault.source ?? source) !== source || fault.struck >= fault.count || !fault.pattern.test(path)) return false;
      fault.seen += 1;
      if (fault.seen % fault.every !== 0 || !this.#random.chance(fault.probability)) return false;
      fault.struck += 1;
      return true;
    });
  }
}

/** Stands before an API and lets the armed faults strike. */
export function injectFaults(faults: Faults, api: SourceApi): RequestHandler {
  return (request, response, next) => {
    const fault = faults.strike(api.source, request.path);
    if (!fault) return next();
    switch (fault.kind) {
      case 'status':
        response.set(fault.headers);
        if (fault.retryAfterSeconds !== undefined) response.set('Retry-After', String(fault.retryAfterSeconds));
        response.status(fault.status).json(api.failureBody?.(fault.status) ?? {});
        return;
      case 'time-out':
        return;
      case 'cut-body':
        cutBody(response);
        return next();
      case 'expired-token':
        api.expireTokens();
        return next();
    }
  };
}

/** Express hands over the whole body at the end, after it has announced its length. */
function cutBody(response: Response): void {
  response.send = (body: unknown) => {
    const whole = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    response.set('Content-Length', String(whole.length));
    response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.socket?.destroy());
    return response;
  };
}

function isRegExp(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}
