import { emptyState, type JsonObject, type State } from '@pipeline/singer';
import type { HttpClient, HttpRequest, Stream } from '@pipeline/tap-kit';
import { type ConnectedTap, connectTap, ModelWarehouse, readStream, type StreamRead } from '@pipeline/tap-kit/testing';
import { Random } from '../../sandbox/src/random.ts';
import type { SourceApi } from '../../sandbox/src/source-api.ts';
import type { XeroApiOptions } from '../../sandbox/src/xero/api/api.ts';
import { CLIENT, startXeroServer, tokensIn } from '../../sandbox/test/xero/xero-server.ts';
import type { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';

export interface XeroSandboxOptions extends Partial<XeroApiOptions> {
  seed?: number;
  /** Rows of a page, in the place of the tap's: small companies then have several. */
  pageSize?: number;
  /** Order of the pages, in the place of the tap's: what it protects against. */
  order?: string;
  settings?: JsonObject;
  /** Changes what a read has brought, before it is kept: takes protections away. */
  alter?: (read: StreamRead) => StreamRead;
  /** Streams to read. @default all */
  streams?: readonly string[];
}

/** The imitated Xero in this process with the tap connected to it, and a warehouse that loads what it reads. */
export interface XeroSandbox {
  api: SourceApi;
  url: string;
  clock: { now: number };
  warehouse: ModelWarehouse;
  session: ConnectedTap<Settings>;
  states: Map<string, State>;
  notImitated: string[];
  /** Called after each response. */
  onResponse: { call: () => void };
  /** Reads one stream once and loads it. */
  read: (stream: Stream<Settings>, options?: { fullRead?: boolean; stopAfter?: number }) => Promise<StreamRead>;
  /** Reads every stream once. */
  cycle: (options?: { fullRead?: boolean }) => Promise<void>;
  differences: () => string[];
  /** Ends the connection to an organisation, as a person does at Xero. @param id of the connection */
  disconnect: (id: string) => Promise<void>;
  /** Responses other than 2xx and 304, as `status path`. */
  refusals: () => readonly string[];
  close: () => Promise<void>;
}

const REQUEST_MS = 100;

export async function startXero(options: XeroSandboxOptions = {}): Promise<XeroSandbox> {
  const clock = { now: options.now?.() ?? Date.UTC(2026, 5, 15, 12) };
  const notImitated: string[] = [];
  const server = await startXeroServer({
    ...{ deals: 120, random: new Random(options.seed ?? 7), rateLimitFactor: 1_000_000, withOptIn: true },
    ...options,
    now: () => clock.now,
    notImitated: (what) => void notImitated.push(what),
  });
  const { api, url } = server;
  const refusals: string[] = [];
  const onResponse = { call: () => {} };
  const session = await connectTap(tap, settingsFor(url, options.settings), {
    now: () => clock.now,
    onResponse: ({ status, path }) => {
      if (status >= 400) refusals.push(`${status} ${path}`);
      // Windows of limits pass, and what is made next is newer.
      clock.now += REQUEST_MS;
      onResponse.call();
    },
  });
  const http = withPages(session.http, options);
  const streams = tap.streams.filter(({ name }) => options.streams?.includes(name) ?? true);
  const warehouse = new ModelWarehouse(streams);
  const states = new Map<string, State>();
  const read: XeroSandbox['read'] = async (stream, more = {}) => {
    const state = states.get(stream.name) ?? emptyState();
    const brought = await readStream({ ...session, http }, stream, {
      state,
      startedAt: new Date(clock.now).toISOString(),
      ...more,
    });
    const done = options.alter?.(brought) ?? brought;
    states.set(stream.name, done.state);
    warehouse.load(done);
    return done;
  };
  const known = new Set(streams.flatMap((stream) => [stream.name, ...(stream.children ?? []).map(({ name }) => name)]));
  return {
    ...{ api, url, clock, warehouse, session, states, notImitated, onResponse, read },
    cycle: async (more) => {
      for (const stream of streams) await read(stream, more);
    },
    differences: () => {
      const truths = api.truth().filter(({ stream }) => known.has(stream));
      return truths.flatMap((truth) => warehouse.differences(truth));
    },
    disconnect: async (id) => {
      const { access_token } = await tokensIn(
        await server.post('/connect/token', {
          grant_type: 'client_credentials',
          scope: 'accounting.settings.read',
          ...CLIENT,
        }),
      );
      await fetch(`${url}/connections/${id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${access_token}` },
      });
    },
    refusals: () => refusals,
    close: async () => {
      session.close();
      await server.stop();
    },
  };
}

export function settingsFor(url: string, more: JsonObject = {}) {
  const client = { client_id: 'xero-sandbox-client', client_secret: 'xero-sandbox-secret' };
  const hosts = { base_url: url, identity_url: url, login_url: url };
  return { ...client, refresh_token: 'xero-sandbox-refresh-token', ...hosts, pacing: 'off', ...more };
}

function withPages(http: HttpClient, { pageSize, order }: XeroSandboxOptions): HttpClient {
  const changed = (request: HttpRequest): HttpRequest => {
    const query = { ...request.query };
    if (pageSize !== undefined && query['pageSize'] !== undefined) query['pageSize'] = pageSize;
    if (order !== undefined && query['order'] !== undefined) query['order'] = order;
    return { ...request, query };
  };
  return { json: (request) => http.json(changed(request)), response: (request) => http.response(changed(request)) };
}
