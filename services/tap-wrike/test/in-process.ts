import { PipelineError } from '@pipeline/protocol';
import { type Json, parseJson } from '@pipeline/singer';
import type { HttpRequest } from '@pipeline/tap-kit';
import { clientOf } from '@pipeline/tap-kit/testing';
import express from 'express';
import inject from 'light-my-request';
import { Random } from '../../sandbox/src/random.ts';
import { createWrikeApi } from '../../sandbox/src/wrike/api/api.ts';
import { failure } from '../src/client.ts';
import { Settings } from '../src/settings.ts';
import { type Reader, readerOf } from './reader.ts';

/** Two months after the account was made, so that streams read by the week take few requests. */
const START = Date.UTC(2023, 2, 1);
const MS_PER_REQUEST = 400;
const TOKEN = 'wrike-sandbox-token';

export type Query = NonNullable<HttpRequest['query']>;

export interface Account extends Reader {
  clock: { ms: number };
  pace: { changesPerRequest: number };
  change: (count: number) => void;
  /** Changes what the tap asks, or a response before the tap sees it: how a protection is switched off. */
  alter: { response: (path: string, response: Json) => Json; query: (query: Query) => Query };
  /** What the imitation does not know and was asked for. */
  notImitated: string[];
}

export interface AccountOptions {
  deals: number;
  seed: number;
  /** Most rows of one page, whatever is asked for: a small account has many pages then. @default what is asked for */
  pageMax?: number;
  /** In the place of the tap's: takes protections away. */
  settings?: Partial<Settings>;
}

/** The imitated account without a network: requests pass in the process, so that hundreds of histories take seconds. */
export function openAccount({ deals, seed, settings, pageMax = Number.POSITIVE_INFINITY }: AccountOptions): Account {
  const clock = { ms: START };
  const notImitated: string[] = [];
  const api = createWrikeApi({
    ...{ deals, random: new Random(seed), now: () => clock.ms, rateLimitFactor: 1_000_000 },
    notImitated: (what) => void notImitated.push(what),
  });
  const random = new Random(seed);
  const pace = { changesPerRequest: 0 };
  const alter: Account['alter'] = { response: (_path, response) => response, query: (query) => query };
  const change = (count: number): void => {
    for (let made = 0; made < count; made += 1) api.mutate(random);
  };
  const app = express().disable('etag').use(api.router);
  const http = clientOf(async ({ path, query = {} }) => {
    const url = `/api/v4${path}?${new URLSearchParams(parametersOf(alter.query(query), pageMax))}`;
    const { payload, statusCode: status } = await inject(app as never, {
      url,
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    clock.ms += MS_PER_REQUEST;
    change(pace.changesPerRequest);
    const json = parseJson(payload);
    if (status === 200) return alter.response(path, json);
    const failed = failure({ status, json, headers: {}, method: 'GET', path });
    throw new PipelineError(failed ?? { code: 'SOURCE_REFUSED', recovery: 'fail', message: String(status) });
  });
  const session = { settings: { ...Settings.parse({ token: TOKEN }), ...settings }, http, cached: kept() };
  const truthOf = (name: string) => {
    const truth = api.truth().find(({ stream }) => stream === name);
    if (!truth) throw new RangeError(`no truth of ${name}`);
    return truth;
  };
  return { clock, pace, change, alter, notImitated, ...readerOf(session, clock, truthOf) };
}

function parametersOf(query: Query, pageMax: number): [string, string][] {
  return Object.entries(query).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    return [[name, String(name === 'pageSize' ? Math.min(Number(value), pageMax) : value)]];
  });
}

function kept() {
  const values = new Map<string, Promise<unknown>>();
  return <Value>(key: string, _ttlMs: number, load: () => Promise<Value>): Promise<Value> => {
    const value = values.get(key) ?? load();
    values.set(key, value);
    // The key belongs to one loader.
    return value as Promise<Value>;
  };
}
