import { once } from 'node:events';
import { createServer } from 'node:http';
import { PipelineError } from '@pipeline/contracts';
import { parseJson } from '@pipeline/singer';
import type { HttpClient, HttpRequest } from '@pipeline/tap-kit';
import { clientOf } from '@pipeline/tap-kit/testing';
import express from 'express';
import { createHubspotApi } from '../../sandbox/src/hubspot/api.ts';
import { Random } from '../../sandbox/src/random.ts';
import type { SourceApi } from '../../sandbox/src/source-api.ts';

const TOKEN = 'pat-na1-sandbox';
const MS_PER_REQUEST = 3;

/** An imitated account and the plainest client that can read it. */
export interface SandboxClient {
  api: SourceApi;
  http: HttpClient;
  /** Method and path of every request. */
  requests: string[];
  clock: { now: number };
  /** Called after every answer, before the tap sees it. */
  onAnswer: { call: (request: HttpRequest) => void };
  /** Deletes an object as a user does, or for privacy, without a trace. */
  archive: (type: string, id: string) => Promise<void>;
  erase: (type: string, id: string) => Promise<void>;
  close: () => Promise<void>;
}

export async function startSandboxClient(options: {
  deals: number;
  seed?: number;
  indexLagMs?: number;
}): Promise<SandboxClient> {
  const clock = { now: Date.UTC(2026, 5, 1) };
  const api = createHubspotApi({
    deals: options.deals,
    random: new Random(options.seed ?? 1),
    now: () => clock.now,
    rateLimitFactor: 1_000_000,
    indexLagMs: options.indexLagMs ?? 0,
  });
  const server = createServer(express().use(api.router)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new RangeError('no port');
  const baseUrl = `http://127.0.0.1:${address.port}`;
  const requests: string[] = [];
  const onAnswer = { call: (_request: HttpRequest) => {} };

  const send = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const http = clientOf(async (request) => {
    const { method = 'GET', path, query = {}, body } = request;
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    requests.push(`${method} ${path}`);
    clock.now += MS_PER_REQUEST;
    const response = await send(method, `${path}?${search}`, body);
    const text = await response.text();
    onAnswer.call(request);
    if (response.ok) return parseJson(text);
    const context = { status: response.status };
    throw new PipelineError({
      code: 'SOURCE_REFUSED',
      recovery: 'fail',
      message: `${method} ${path}: ${text}`,
      context,
    });
  });
  return {
    api,
    http,
    requests,
    clock,
    onAnswer,
    archive: async (type, id) => {
      await send('DELETE', `/crm/v3/objects/${type}/${id}`);
    },
    erase: async (type, id) => {
      await send('POST', `/crm/v3/objects/${type}/gdpr-delete`, { objectId: id });
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
