import {
  CHANNEL_SECRET_NAME,
  connectionSecretName,
  encryptionKey,
  listChannels,
  listConnections,
  registerEnvironmentConnection,
  registerPipeline,
} from '@pipeline/control';
import { AlertChannel, Connection, NewAlertChannel, NewConnection, type Timing } from '@pipeline/protocol/api';
import { parse } from 'yaml';
import { z } from 'zod';
import { decryptValue } from '../src/access/encryption.ts';
import { EDITABLE_SETTINGS } from '../src/settings.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';
import { filledBy } from './support/filled-schema.ts';

const KEY = encryptionKey('ab'.repeat(32));
const BY_VARIABLES = 'test';
const TIMINGS: Record<string, Timing> = {
  interval: { kind: 'interval', seconds: 4_321 },
  cron: { kind: 'cron', expression: '5 4 * * 1-5', timeZone: 'Pacific/Auckland' },
  manual: { kind: 'manual' },
};
const TARGETS = {
  webhook: 'https://example.com/a-secret-path',
  slack: 'https://hooks.slack.com/services/secret',
  email: 'team@example.com',
};
const SPECIAL = {
  source: 'test',
  'selection.select[]': 'deals.amount',
  settings: { base_url: 'https://example.com', page_size: 7, is_careful: true, lists: ['a', 'b'] },
  secrets: { token: 'a-secret-token', webhook_secret: 'a-signing-secret' },
  'schedule.streamIntervals': { deals: 7_200 },
  targetSchema: 'elsewhere',
};
/** Who wrote it and when: nobody sets that. */
const NOT_SET = ['createdAt', 'updatedAt', 'revision', 'check', 'isChecking', 'isAlive', 'received'];

/** A connection with every field that a person may set, at the time that this way of timing says. */
function connectionOf(kind: string, timing: Timing | null) {
  const filled = filledBy(NewConnection.omit({ consentId: true }), {
    ...SPECIAL,
    name: `with_${kind}`,
    'schedule.timing': timing,
  });
  return NewConnection.parse(filled);
}

describe('configuration as code', () => {
  let first: ApiServer;
  let second: ApiServer;
  beforeAll(async () => {
    [first, second] = await Promise.all([startApiServer(), startApiServer()]);
    for (const { database } of [first, second]) await registerByVariables(database.pool);
  });
  afterAll(async () => {
    for (const variable of Object.keys(process.env)) if (isReferred(variable)) delete process.env[variable];
    await Promise.all([first?.close(), second?.close()]);
  });

  it('has every setting, as the schemas have them, and an empty system that applies it is the same', async () => {
    const connections = [
      ...Object.entries(TIMINGS).map(([kind, timing]) => connectionOf(kind, timing)),
      // The rest of a schedule may be set while its time is the default.
      connectionOf('default', null),
    ];
    for (const body of connections) await expectOk(first.call('POST', '/connections', { body }));
    const { schedule } = connectionOf('interval', TIMINGS['interval'] ?? null);
    await expectOk(first.call('PUT', `/pipelines/${BY_VARIABLES}/schedule`, { body: schedule }));
    const own = { settings: { page_size: 9 }, secrets: { webhook_secret: 'another-signing-secret' }, revision: 1 };
    await expectOk(first.call('PUT', `/connections/${BY_VARIABLES}`, { body: own }));
    for (const kind of NewAlertChannel.shape.kind.options) {
      const special = { kind, name: `Team ${kind}`, target: TARGETS[kind], 'kinds[]': 'failed_stream' };
      await expectOk(first.call('POST', '/alert-channels', { body: filledBy(NewAlertChannel, special) }));
    }
    const free = await freeSettings(first);
    for (const name of free) await expectOk(first.call('PUT', `/settings/${name}`, { body: { value: '77' } }));

    const { yaml } = (await first.call('GET', '/configuration')).json;
    expect(yaml).not.toMatch(/a-secret|signing-secret|team@/);
    await expectOk(second.call('POST', '/configuration', { body: { yaml, confirm: false } }));
    await giveVariables(yaml, first);
    const applied = await expectOk(second.call('POST', '/configuration', { body: { yaml, confirm: true } }));
    expect(applied.json.isApplied).toBe(true);

    expect(await everythingOf(second)).toEqual(await everythingOf(first));
    expect((await second.call('GET', '/configuration')).json.yaml).toBe(yaml);
    expect(Object.keys(parse(yaml).settings)).toEqual(free);
    expect(parse(yaml).settings).toEqual(Object.fromEntries(free.map((name) => [name, '77'])));
    const again = await second.call('POST', '/configuration', { body: { yaml, confirm: true, prune: true } });
    expect(again.json.changes).toEqual([]);
  });

  it('shows each field that differs, takes away what is not in it, and leaves the rest', async () => {
    const { yaml } = (await second.call('GET', '/configuration')).json;
    const document = parse(yaml);
    const changed = document.connections.with_cron;
    delete changed.settings.page_size;
    delete changed.secrets.token;
    delete changed.schedule.streamIntervals.deals;
    delete document.connections.with_manual;
    delete document.alerts['Team slack'];
    const body = { yaml: JSON.stringify(document), confirm: true, prune: true };
    const { json } = await expectOk(second.call('POST', '/configuration', { body }));
    expect(json.changes).toEqual([
      {
        ...{ kind: 'connection', name: 'with_cron', action: 'change' },
        fields: [
          { path: 'settings.page_size', from: 7, to: null },
          { path: 'secrets.token', from: 'set', to: null },
          { path: 'schedule.streamIntervals.deals', from: 7_200, to: null },
        ],
      },
      { kind: 'connection', name: 'with_manual', action: 'remove', fields: [] },
      { kind: 'alert-channel', name: 'Team slack', action: 'remove', fields: [] },
    ]);
    const after = parse((await second.call('GET', '/configuration')).json.yaml);
    expect(after).toEqual(document);
  });

  it('is refused as a whole when a variable is not set, or a connection is to be made by variables', async () => {
    const before = await everythingOf(second);
    const connection = { source: 'test', secrets: { token: { env: 'NOWHERE_SET' } } };
    const yaml = JSON.stringify({ settings: { PIPELINE_INTERVAL_SECONDS: '5' }, connections: { fresh: connection } });
    const refused = await second.call('POST', '/configuration', { body: { yaml, confirm: true } });
    expect(refused.json.error).toMatchObject({
      ...{ code: 'VARIABLE_MISSING', message: "the scheduler's environment has no NOWHERE_SET" },
      remedy: expect.stringContaining('start the scheduler again'),
    });
    const missing = JSON.stringify({ connections: { other: { source: 'test', madeBy: 'variables' } } });
    const needs = await second.call('POST', '/configuration', { body: { yaml: missing, confirm: true } });
    expect(needs.json.error.code).toBe('CONNECTION_IS_ENVIRONMENTS');
    const wrong = await second.call('POST', '/configuration', { body: { yaml: 'connections: {a: {origin: test}}' } });
    expect(wrong.json.error.message).toMatch(/connections\.a.*origin/);
    expect(await everythingOf(second)).toEqual(before);
  });
});

/** Everything that is set, secrets in clear, without what nobody sets. */
async function everythingOf(server: ApiServer) {
  const { pool } = server.database;
  const read = async (path: string) => (await server.call('GET', path)).json.items;
  const stored = await listConnections(pool);
  const secrets = stored.map(({ name, sealed }) => [
    name,
    sealed === null ? {} : decryptValue(KEY, connectionSecretName(name), sealed, z.record(z.string(), z.string())),
  ]);
  const targets = (await listChannels(pool)).map(({ name, sealed }) => [
    name,
    decryptValue(KEY, CHANNEL_SECRET_NAME, sealed, z.object({ target: z.string() })).target,
  ]);
  const connections = z.array(Connection).parse(await read('/connections'));
  const channels = z.array(AlertChannel).parse(await read('/alert-channels'));
  return {
    connections: connections.map((connection) => ({
      ...Object.fromEntries(Object.entries(connection).filter(([field]) => !NOT_SET.includes(field))),
      secrets: connection.secrets.map(({ name }) => name),
    })),
    channels: channels.map(({ id: _, createdAt: __, ...channel }) => channel),
    settings: (await read('/settings')).filter(({ origin }: { origin: string }) => origin === 'page'),
    ...{ secrets: Object.fromEntries(secrets), targets: Object.fromEntries(targets) },
    interval: server.settings.intervalSeconds,
  };
}

async function registerByVariables(pool: ApiServer['database']['pool']): Promise<void> {
  await registerPipeline(pool, { name: `pipeline_${BY_VARIABLES}_to_postgres`, source: 'test', streams: [] });
  await registerEnvironmentConnection(pool, {
    ...{ name: BY_VARIABLES, source: 'test', targetSchema: 'test', selection: { select: null } },
    ...{ settings: { base_url: 'https://example.com' }, locked: { base_url: 'TEST_BASE_URL', token: 'TEST_TOKEN' } },
    secrets: ['token'],
  });
}

const freeSettings = async (server: ApiServer) => {
  const refused = async (name: string) =>
    (await server.call('PUT', `/settings/${name}`, { body: { value: null } })).status !== 200;
  const names = await Promise.all(
    Object.keys(EDITABLE_SETTINGS).map(async (name) => ((await refused(name)) ? [] : [name])),
  );
  return names.flat();
};

const isReferred = (variable: string): boolean => /^(WITH_|ALERT_|TEST_WEBHOOK)/.test(variable);

/** The variables that the document names, with what the first system holds. */
async function giveVariables(yaml: string, server: ApiServer): Promise<void> {
  const { secrets, targets } = await everythingOf(server);
  const document = parse(yaml);
  for (const [name, { secrets: named }] of Object.entries<{ secrets: Record<string, { env: string }> }>(
    document.connections,
  ))
    for (const [secret, { env }] of Object.entries(named)) process.env[env] = secrets[name]?.[secret];
  for (const [name, { target }] of Object.entries<{ target: { env: string } }>(document.alerts))
    process.env[target.env] = targets[name];
}

async function expectOk(replying: ReturnType<ApiServer['call']>) {
  const reply = await replying;
  expect([reply.status < 300, reply.text]).toEqual([true, expect.any(String)]);
  return reply;
}
