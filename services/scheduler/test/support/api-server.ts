import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Broker, connectBroker } from '@pipeline/broker';
import {
  encryptionKey,
  insertToken,
  migrateControl,
  newToken,
  registerPipeline,
  registerSource,
  sha256,
} from '@pipeline/control';
import { commonTopology, mergeTopologies, sourceTopology } from '@pipeline/protocol';
import type { Role } from '@pipeline/protocol/api';
import { createTestDatabase, createTestVhost, type TestDatabase, waitFor } from '@pipeline/testing';
import express from 'express';
import { PIPELINE, SOURCE_DESCRIPTION } from '../../../../libs/control/test/support.ts';
import { logReader } from '../../src/api/handlers/now.ts';
import type { Guards } from '../../src/api/http/guards.ts';
import { addApi } from '../../src/api/router.ts';
import { config } from '../../src/config.ts';
import { EventHub } from '../../src/events/hub.ts';
import { addHooks } from '../../src/hooks/router.ts';
import type { verifyHook } from '../../src/hooks/verify.ts';
import { NowReader } from '../../src/observe/now-reader.ts';
import { QueueReader } from '../../src/observe/queues.ts';
import { LiveSettings } from '../../src/settings.ts';

const silent = () => undefined;
/** What nobody foresaw is worth a line in the test's output. */
const error = (fields: object, text: string) =>
  void process.stderr.write(`${text}: ${String(Reflect.get(fields, 'err'))}\n`);
export const logger = { debug: silent, info: silent, warn: silent, error, child: () => logger };

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where that is not there
  json: any;
}

export interface ApiServer {
  url: string;
  database: TestDatabase;
  broker: Broker;
  tokens: Record<Role, string>;
  wakes: () => number;
  settings: LiveSettings;
  call: (
    method: string,
    path: string,
    options?: { token?: string | undefined; body?: unknown; headers?: Record<string, string> },
  ) => Promise<Reply>;
  close: () => Promise<void>;
}

const VARIABLES = {
  ...{ DB_HOST: 'localhost', DB_DATABASE: 'test', DB_USERNAME: 'test', DB_PASSWORD: 'test' },
  RABBITMQ_URL: 'amqp://localhost/',
};

/** As sources address this server. */
export const HOOK_ORIGIN = 'https://pipeline.example.com';
const HOOK_SECRETS = new Map([['hubspot', 'a-signing-secret']]);

/** What is switched off. */
export interface Unguarded {
  guards?: Partial<Guards>;
  verify?: typeof verifyHook;
}

/** The API over a database and a virtual host of its own, with a token of each role and one pipeline. */
export async function startApiServer({ guards, verify }: Unguarded = {}): Promise<ApiServer> {
  const database = await createTestDatabase({ name: 'scheduler_api', prepare: migrateControl });
  const vhost = await createTestVhost();
  const topology = mergeTopologies(commonTopology, sourceTopology('test'));
  const broker = await connectBroker({ url: vhost.url, name: 'test', logger, topology });
  const { pool } = database;
  await registerSource(pool, SOURCE_DESCRIPTION);
  await registerPipeline(pool, {
    name: PIPELINE,
    source: 'test',
    streams: [
      { name: 'deals', children: ['deals_companies'], replicationKey: 'updatedDate' },
      { name: 'owners', children: [] },
    ],
  });
  const tokens = await makeTokens(pool);
  let wakes = 0;
  const app = express();
  const settings = new LiveSettings({
    pool,
    config: config.parse(VARIABLES),
    settings: [
      { name: 'PIPELINE_INTERVAL_SECONDS', origin: 'default' },
      { name: 'PIPELINE_CONCURRENCY', origin: 'environment' },
    ],
  });
  const now = new NowReader({
    pool,
    settings,
    version: 'test',
    brokerBlockedBecause: () => null,
    isBrokerConnected: () => true,
  });
  const defects = () => () => undefined;
  const events = new EventHub({ read: now.read, readLog: logReader(pool), logger, defects });
  const key = encryptionKey('ab'.repeat(32));
  const own = { now, events, key, logger, wake: () => void wakes++ };
  addApi(app, {
    ...own,
    pool,
    broker,
    publisher: broker.publisher(),
    version: 'test',
    settings,
    dataPath: '.',
    queues: new QueueReader({ pool, broker, management: undefined }),
    publicUrl: undefined,
    ...(guards === undefined ? {} : { guards }),
  });
  addHooks(app, {
    ...(verify === undefined ? {} : { verify }),
    ...{ pool, key, logger, hookSecrets: HOOK_SECRETS, publicUrl: HOOK_ORIGIN },
    wake: own.wake,
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await waitFor(() => server.listening);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ url, database, broker, tokens, settings, wakes: () => wakes },
    call: (method, path, options = {}) =>
      call(url, method, path, { token: 'token' in options ? options.token : tokens.admin, ...options }),
    close: async () => {
      events.close();
      server.close();
      server.closeAllConnections();
      await broker.close();
      await vhost.delete();
      await database.drop();
    },
  };
}

async function makeTokens(pool: TestDatabase['pool']): Promise<Record<Role, string>> {
  const make = async (role: Role) => {
    const token = newToken();
    await insertToken(pool, { name: role, role, sha256: sha256(token), createdBy: 'test', days: null });
    return token;
  };
  return { viewer: await make('viewer'), operator: await make('operator'), admin: await make('admin') };
}

async function call(
  url: string,
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string | undefined; body?: unknown; headers?: Record<string, string> },
): Promise<Reply> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: jsonIn(text) };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
