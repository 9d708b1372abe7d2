import { PipelineError } from '@pipeline/protocol';
import { emptyState, type Json, parseJson, type State } from '@pipeline/singer';
import type { DiscoverContext, HttpClient, Stream } from '@pipeline/tap-kit';
import { clientOf, ModelWarehouse, type ReadOptions, readStream, type StreamRead } from '@pipeline/tap-kit/testing';
import express from 'express';
import inject from 'light-my-request';
import { createHubspotApi, type HubspotApi, type HubspotApiOptions } from '../../../sandbox/src/hubspot/api/api.ts';
import { Random } from '../../../sandbox/src/random.ts';
import { Settings } from '../../src/settings.ts';
import { accountStreams } from '../../src/streams/account-streams.ts';
import { tap } from '../../src/tap.ts';

const MS_PER_REQUEST = 3;

export interface AccountOptions extends Partial<Omit<HubspotApiOptions, 'random' | 'now'>> {
  seed?: number;
  /** As in a Singer `config.json`. */
  settings?: Record<string, unknown>;
}

/** An imitated account, a model of the warehouse, and the state between reads. Requests pass in the process: nothing listens. */
export class Account {
  readonly api: HubspotApi;
  readonly settings: Settings;
  readonly clock = { now: Date.UTC(2026, 5, 1) };
  /** `POST /crm/objects/2026-09/0-3/search` */
  requests: string[] = [];
  /** Called after every response, before the tap sees it. */
  onResponse: (request: string) => void = () => {};
  /** Changes what the account says, as if a protection of the tap were off. */
  alter: (request: string, response: Json) => Json = (_request, response) => response;
  readonly notImitated: string[] = [];
  readonly warehouse: ModelWarehouse;
  readonly reads: StreamRead[] = [];
  readonly #http: HttpClient;
  readonly #own: Stream<Settings>[] = [];
  /** Until when something is kept, by the account's clock. */
  readonly #kept = new Map<string, { value: Promise<unknown>; until: number }>();
  #state: State = emptyState();

  constructor({ seed = 1, settings = {}, ...options }: AccountOptions = {}) {
    this.api = createHubspotApi({
      deals: 60,
      rateLimitFactor: 1_000_000,
      indexLagMs: 0,
      notImitated: (what) => this.notImitated.push(what),
      ...options,
      random: new Random(seed),
      now: () => this.clock.now,
    });
    this.settings = Settings.parse({ access_token: 'pat-na1-sandbox', lookback_minutes: 0, ...settings });
    this.warehouse = new ModelWarehouse(tap.streams);
    this.#http = this.#client();
  }

  get streams(): readonly Stream<Settings>[] {
    const names = new Set(this.#own.map(({ name }) => name));
    return [...tap.streams.filter(({ name }) => !names.has(name)), ...this.#own];
  }

  /** What the runtime hands to a tap. */
  get context(): DiscoverContext<Settings> {
    return { settings: this.settings, http: this.#http, cached: (key, ttlMs, load) => this.#cached(key, ttlMs, load) };
  }

  get state(): State {
    return this.#state;
  }

  /** Asks the account for the streams that only it has. */
  async discover(): Promise<void> {
    const found = await accountStreams(this.context);
    this.#own.splice(0, this.#own.length, ...found);
  }

  /** Reads a stream with its children. A failure is thrown, as the runtime sees it. */
  async read(name: string, options: Partial<ReadOptions> = {}): Promise<StreamRead> {
    const stream = this.streams.find((one) => one.name === name);
    if (stream === undefined) throw new RangeError(`no stream ${name}`);
    const startedAt = new Date(this.clock.now).toISOString();
    const session = { ...this.context, account: undefined };
    const read = await readStream(session, stream, { state: this.#state, startedAt, ...options });
    this.#state = read.state;
    this.warehouse.load(read);
    this.reads.push(read);
    return read;
  }

  async readAll(names: readonly string[] = this.streams.map(({ name }) => name)): Promise<void> {
    for (const name of names) await this.read(name);
  }

  /** Random changes, each a moment after the other. Returns what they were: `archived deals 12`. */
  change(count: number, random: Random): string[] {
    return Array.from({ length: count }, () => {
      this.clock.now += 1;
      return this.api.mutate(random);
    });
  }

  /** What differs between the account and the model of the warehouse, in these streams and their children. */
  differences(names: readonly string[] = this.streams.map(({ name }) => name)): string[] {
    const wanted = new Set(
      this.streams
        .filter(({ name }) => names.includes(name))
        .flatMap((stream) => [stream, ...(stream.children ?? [])])
        .map(({ name }) => name),
    );
    const truths = this.api.truth().filter(({ stream }) => wanted.has(stream));
    return truths.flatMap((truth) => this.warehouse.differences(truth));
  }

  #cached<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > this.clock.now) return kept.value as Promise<T>;
    const value = load();
    this.#kept.set(key, { value, until: this.clock.now + ttlMs });
    value.catch(() => this.#kept.delete(key));
    return value;
  }

  #client(): HttpClient {
    const app = express().use(this.api.router);
    return clientOf(async (request) => {
      const { method = 'GET', path, query = {}, body, headers } = request;
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) {
        for (const one of [value].flat()) if (one !== undefined) search.append(name, String(one));
      }
      this.requests.push(`${method} ${path}`);
      this.clock.now += MS_PER_REQUEST;
      const response = await inject(app as never, {
        method,
        url: `${path}?${search}`,
        headers: { ...headers, authorization: 'Bearer pat-na1-sandbox' },
        ...(body === undefined ? {} : { payload: body }),
      });
      this.onResponse(`${method} ${path}`);
      const { statusCode: status } = response;
      if (status < 300) return this.alter(`${method} ${path}?${search}`, parseJson(response.payload));
      throw refusal(status, `${method} ${path}`);
    });
  }
}

function refusal(status: number, request: string): PipelineError {
  const code = { 401: 'SOURCE_UNAUTHORISED', 403: 'SOURCE_FORBIDDEN', 500: 'SOURCE_UNAVAILABLE' }[status];
  const recovery = status >= 500 ? 'retry' : status === 403 || status === 401 ? 'fix-config' : 'fail';
  return new PipelineError({ code: code ?? 'SOURCE_REFUSED', recovery, message: request, context: { status } });
}
