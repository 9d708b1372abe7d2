import { PipelineError } from '@pipeline/contracts';
import { type Json, parseJson } from '@pipeline/singer';
import { clientOf } from '@pipeline/tap-kit/testing';
import express from 'express';
import inject from 'light-my-request';
import { Random } from '../../sandbox/src/random.ts';
import { createWrikeApi } from '../../sandbox/src/wrike/api.ts';
import { failure } from '../src/client.ts';
import { Settings } from '../src/settings.ts';
import { type Reader, readerOf } from './reader.ts';

const START = Date.UTC(2026, 10, 1);
const MS_PER_REQUEST = 400;

export interface Account extends Reader {
  pace: { changesPerRequest: number };
  change: (count: number) => void;
  /** Changes a response before the tap sees it: how a protection is taken away. */
  alter: { response: (path: string, response: Json) => Json };
}

/** The imitated account without a network: requests pass in the process, so that hundreds of histories take seconds. */
export function openAccount(deals: number, seed: number): Account {
  const clock = { ms: START };
  const api = createWrikeApi({ deals, random: new Random(seed), now: () => clock.ms, rateLimitFactor: 1_000_000 });
  const random = new Random(seed);
  const pace = { changesPerRequest: 0 };
  const alter: Account['alter'] = { response: (_path, response) => response };
  const change = (count: number): void => {
    for (let made = 0; made < count; made += 1) api.mutate(random);
  };
  const app = express().use(api.router);
  const http = clientOf(async ({ path, query = {} }) => {
    const parameters = Object.entries(query).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const response = await inject(app as never, {
      url: `/api/v4${path}?${new URLSearchParams(parameters)}`,
      headers: { authorization: 'Bearer wrike-sandbox-token' },
    });
    clock.ms += MS_PER_REQUEST;
    change(pace.changesPerRequest);
    const json = parseJson(response.payload);
    const { statusCode: status } = response;
    if (status === 200) return alter.response(path, json);
    const failed = failure({ status, json, headers: {}, method: 'GET', path });
    throw new PipelineError(failed ?? { code: 'SOURCE_REFUSED', recovery: 'fail', message: String(status) });
  });
  const kept = new Map<string, Promise<unknown>>();
  const cached = <T>(key: string, _ttlMs: number, load: () => Promise<T>): Promise<T> => {
    const value = kept.get(key) ?? load();
    kept.set(key, value);
    return value as Promise<T>;
  };
  const truthOf = (name: string) => {
    const truth = api.truth().find(({ stream }) => stream === name);
    if (!truth) throw new RangeError(`no truth of ${name}`);
    return truth;
  };
  return {
    pace,
    change,
    alter,
    ...readerOf({ settings: Settings.parse({ token: 't' }), http, cached }, clock, truthOf),
  };
}
