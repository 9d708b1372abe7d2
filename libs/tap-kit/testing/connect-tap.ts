import type { Logger } from '@pipeline/protocol';
import type { TokenStore } from '../src/auth/token-store.ts';
import { openSource, type Session } from '../src/connection/source.ts';
import type { Tap } from '../src/declaration.ts';
import type { ResponseMetric } from '../src/http/http-try.ts';
import { MemoryRateLimiter } from '../src/http/memory-rate-limiter.ts';
import type { HttpClient, HttpRequest } from '../src/http-policy.ts';
import { memoryTokenStore } from './memory-token-store.ts';

export interface ConnectOptions {
  /** Clock of the sandbox, epoch milliseconds. Waits pass at once and move it no further than the test does. @default the machine's */
  now?: () => number;
  /** Called after each response, before the tap sees it: here the source changes while it is read. */
  onResponse?: (response: ResponseMetric) => void;
  /** Lines of the log from `info` on. @default nobody reads them */
  log?: (level: string, fields: object, text: string) => void;
  /** Multiplies the allowances of the tap's limits. @default 1,000,000: nothing waits */
  rateLimitFactor?: number;
  /** Where rotating tokens are kept: replicas share one. @default one of its own */
  tokenStore?: TokenStore;
}

/** A tap that is connected to a sandbox, with the runtime's own client, limits and token refresh. */
export interface ConnectedTap<Settings> extends Session<Settings> {
  tap: Tap<Settings>;
  /** Requests so far, as the tap asked for them. */
  requests: HttpRequest[];
  close: () => void;
}

/** Connects a tap the way the service does, without database and broker: limits and tokens live in memory, waits pass at once.
 *  @param settings as in a Singer `config.json`; `base_url` leads to the sandbox
 *  @throws PipelineError with the source's reason. */
export async function connectTap<Settings>(
  tap: Tap<Settings>,
  settings: Record<string, unknown>,
  options: ConnectOptions = {},
): Promise<ConnectedTap<Settings>> {
  const signals = { stop: new AbortController().signal, abort: new AbortController().signal };
  let waitedMs = 0;
  const now = () => (options.now ?? Date.now)() + waitedMs;
  const sleep = (ms: number) => {
    waitedMs += ms;
    return Promise.resolve();
  };
  const source = openSource(tap, tap.settings.parse(settings), {
    limiter: new MemoryRateLimiter({ factor: options.rateLimitFactor ?? 1_000_000, now }),
    tokenStore: () => options.tokenStore ?? memoryTokenStore(),
    timing: { now, sleep, random: () => 0.5 },
    logger: loggerOf(options.log ?? (() => undefined)),
    ...(options.onResponse === undefined ? {} : { onResponse: options.onResponse }),
    stop: signals.stop,
  });
  const session = await source.connect(signals);
  const requests: HttpRequest[] = [];
  return { ...session, tap, requests, http: recorded(session.http, requests), close: source.close };
}

function recorded(http: HttpClient, requests: HttpRequest[]): HttpClient {
  const record = <Result>(send: (request: HttpRequest) => Promise<Result>) => {
    return (request: HttpRequest) => {
      requests.push(request);
      return send(request);
    };
  };
  return { json: record(http.json), response: record(http.response) };
}

function loggerOf(log: (level: string, fields: object, text: string) => void): Logger {
  const at = (level: string) => (fields: object, text: string) => log(level, fields, text);
  const logger: Logger = {
    ...{ debug: () => undefined, info: at('info'), warn: at('warn'), error: at('error') },
    child: () => logger,
  };
  return logger;
}
