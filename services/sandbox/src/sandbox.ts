import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import express, { type Router } from 'express';
import { controlApi } from './control-api.ts';
import { Faults, injectFaults } from './faults.ts';
import { Mutations } from './mutations.ts';
import { NotImitated, type NotImitatedEntry } from './not-imitated.ts';
import { Random } from './random.ts';
import { RequestLog } from './request-log.ts';
import type { SourceApi, TruthStream } from './source-api.ts';
import { sources } from './sources.ts';

export interface SandboxOptions {
  /** @default 200 */
  deals?: number;
  /** @default 1 */
  seed?: number;
  /** @default 1, the real API's pace */
  rateLimitFactor?: number;
  /** @default 127.0.0.1 */
  host?: string;
  /** @default 0, any free port */
  ports?: Record<string, number>;
  /** Accepted access tokens, by source. */
  tokens?: Record<string, readonly string[]>;
  /** Clock of the imitated services, epoch milliseconds. @default the machine's */
  now?: () => number;
  /** @default every source there is */
  only?: readonly string[];
}

export interface Sandbox {
  /** Base address without a slash at the end. @throws RangeError when it was not started. */
  url: (of: string) => string;
  /** @throws RangeError when it was not started. */
  api: (source: string) => SourceApi;
  /** The rows of a stream that exist now. @throws RangeError when there is no such stream. */
  truth: (source: string, stream: string) => TruthStream;
  faults: Faults;
  mutations: Mutations;
  requests: RequestLog;
  /** Tokens that the APIs have made and sent. */
  issuedTokens: () => string[];
  /** What clients asked for and no imitation understood: empty when the sandbox was faithful to all of them. */
  notImitated: () => readonly NotImitatedEntry[];
  stop: () => Promise<void>;
}

/** Starts the imitated APIs, each on its own port, and the control API. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { seed = 1, host = '127.0.0.1', ports = {} } = options;
  const notImitated = new NotImitated();
  const apis = createApis(options, notImitated);
  const faults = new Faults(new Random(seed));
  const requests = new RequestLog();
  const mutations = new Mutations([...apis.values()]);
  const routers = new Map<string, Router>();
  for (const [source, api] of apis) {
    routers.set(source, express.Router().use(requests.count(source), injectFaults(faults, api), api.router));
  }
  routers.set('control', controlApi({ apis: [...apis.values()], faults, mutations, requests, notImitated }));

  const servers = new Map<string, Server>();
  for (const [name, router] of routers) servers.set(name, await listen(router, ports[name] ?? 0, host));
  const api = (source: string): SourceApi => found(apis.get(source), source);
  return {
    url: (of) => addressOf(found(servers.get(of), of)),
    api,
    truth: (source, stream) => {
      return found(
        api(source)
          .truth()
          .find((one) => one.stream === stream),
        `${source}.${stream}`,
      );
    },
    faults,
    mutations,
    requests,
    issuedTokens: () => [...apis.values()].flatMap((one) => one.issuedTokens?.() ?? []),
    notImitated: () => notImitated.list(),
    stop: async () => {
      mutations.stop();
      await Promise.all([...servers.values()].map(close));
    },
  };
}

function createApis(options: SandboxOptions, notImitated: NotImitated): Map<string, SourceApi> {
  const apis = new Map<string, SourceApi>();
  for (const { name: source, create } of sources) {
    if (options.only && !options.only.includes(source)) continue;
    const tokens = options.tokens?.[source];
    const random = Random.named(options.seed ?? 1, source);
    const shared = { deals: options.deals ?? 200, random, now: options.now ?? Date.now };
    const rate = { rateLimitFactor: options.rateLimitFactor ?? 1 };
    const report = { notImitated: (what: string) => notImitated.add(source, what) };
    apis.set(source, create({ ...shared, ...rate, ...report, ...(tokens && { tokens }) }));
  }
  return apis;
}

async function listen(router: Router, port: number, host: string): Promise<Server> {
  const server = createServer(express().disable('x-powered-by').disable('etag').use(router));
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new RangeError('the server has no port');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`${name} is not in this sandbox`);
  return value;
}
