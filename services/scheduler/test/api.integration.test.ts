import type { Delivery } from '@pipeline/broker';
import { claimTask, recordNotice, startCycle, startRun } from '@pipeline/control';
import { inTransaction } from '@pipeline/postgres';
import { CreatedToken, type RouteName, routes } from '@pipeline/protocol/api';
import { waitFor } from '@pipeline/testing';
import { seedHistory } from '../../../libs/control/test/history.ts';
import { PIPELINE, rejectDeals } from '../../../libs/control/test/support.ts';
import { archiveDeadLetters } from '../src/dead-letter-archive.ts';
import { type ApiServer, logger, startApiServer } from './support/api-server.ts';

const DEALS = '/streams/test/deals';
describe('the API', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
    await seedHistory(server.database.pool, 30);
  });
  afterAll(() => server.close());

  /** A response, which must be as its route's schema says. */
  const get = async (name: RouteName, path: string) => {
    const reply = await server.call('GET', path);
    expect(reply).toMatchObject({ status: 200 });
    return routes[name].response.parse(reply.json) as Record<string, never> & { items: Record<string, never>[] };
  };

  it('pages through cycles and runs, each once and newest first', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: { id: string }[]; nextCursor: string | null } = (await get(
        'listCycles',
        `/cycles?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )) as never;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(30);
    expect(seen).toHaveLength(30);
    expect((await get('listCycles', '/cycles?status=failed')).items).toHaveLength(3);
    expect((await get('listRuns', '/runs?status=failed&pipeline=test')).items).toHaveLength(3);
    expect((await server.call('GET', '/cycles?cursor=bm9uc2Vuc2U')).json.error).toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });

  it('tells of a run what went wrong, what is usual and what each task did', async () => {
    const [failed] = (await get('listRuns', '/runs?status=failed')).items as unknown as { id: string }[];
    const notice = { runId: failed?.id ?? '', stream: 'deals', code: 'HUBSPOT_MISSING_SCOPES', message: 'no scope' };
    for (let times = 0; times < 2; times += 1) await recordNotice(server.database.pool, notice);
    const run = await get('getRun', `/runs/${failed?.id}`);
    expect(run).toMatchObject({
      state: 'failed',
      rowsRead: 200,
      rejected: 2,
      failedStreams: ['owners'],
      problems: [{ code: 'SOURCE_FORBIDDEN' }],
      notices: [{ stream: 'deals', code: 'HUBSPOT_MISSING_SCOPES', message: 'no scope', count: 2 }],
    });
    const tasks = await get('listTasks', `/runs/${failed?.id}/tasks`);
    expect(tasks.items).toMatchObject([
      { stream: 'deals', state: 'loaded', rowsRead: 100, rejected: 1, expectedRows: 100, commitCount: 1 },
      { stream: 'owners', state: 'failed', code: 'SOURCE_FORBIDDEN' },
    ]);
    expect((await get('listBatches', `/runs/${failed?.id}/batches`)).items).toHaveLength(2);
    await get('getLog', `/runs/${failed?.id}/log?level=warn&q=x`);
  });

  it('puts the first page and the streams together from the same facts', async () => {
    const now = await get('getNow', '/now');
    expect(now).toMatchObject({
      pipelines: [{ name: PIPELINE, outcome: { state: 'loaded', rows: 198 }, history: expect.any(Array) }],
    });
    const streams = await get('listStreams', '/streams');
    expect(streams.items.map((item) => item['stream'])).toEqual(['deals', 'deals_companies', 'owners']);
    await get('getStream', DEALS);
    for (const part of ['columns', 'changes', 'days', 'states']) {
      const name = { columns: 'listColumns', changes: 'listChanges', days: 'listDays', states: 'listStates' }[
        part
      ] as RouteName;
      if (part !== 'columns') await get(name, `${DEALS}/${part}`);
    }
    expect(await server.call('GET', `${DEALS}/columns`)).toMatchObject({
      status: 409,
      json: { error: { code: 'NO_TABLE' } },
    });
    await get('getPipeline', '/pipelines/test');
  });

  it('returns a state as it was set, digit by digit, and goes back to a former one', async () => {
    const state = '{"bookmarks":{"deals":{"id":12345678901234567890,"updatedDate":"2026-03-01T00:00:00Z"}}}';
    expect(await server.call('PUT', `${DEALS}/state`, { body: state })).toMatchObject({ status: 200 });
    const first = (await get('listStates', `${DEALS}/states`)).items as unknown as { id: string; value: string }[];
    expect(first[0]?.value).toContain('12345678901234567890');
    await server.call('DELETE', `${DEALS}/state`, { body: { expected: 'deals' } });
    expect(await server.call('DELETE', `${DEALS}/state`, { body: { expected: 'owners' } })).toMatchObject({
      status: 409,
    });
    expect(await server.call('PUT', `${DEALS}/state`, { body: { stateId: first[0]?.id } })).toMatchObject({
      status: 200,
    });
    expect((await get('getStream', DEALS))['bookmark']).toBe('2026-03-01T00:00:00Z');
    const backfill = await server.call('POST', `${DEALS}/backfill`, { body: { from: '2026-01-31' } });
    expect(backfill).toMatchObject({ status: 202, json: { requested: true } });
    expect(await server.call('POST', `${DEALS}/backfill`, { body: { from: 'soon' } })).toMatchObject({
      json: {
        error: {
          code: 'REQUEST_INVALID',
          fields: [{ path: 'from', message: expect.stringContaining('expected a date') }],
        },
      },
    });
  });

  it('acts once for an Idempotency-Key', async () => {
    await server.database.pool.query('update pipeline.pipelines set requested_at = null');
    const run = (body: object) =>
      server.call('POST', '/pipelines/test/runs', { body, headers: { 'idempotency-key': 'once' } });
    const before = server.wakes();
    const first = await run({ streams: ['deals_companies'] });
    expect(first).toMatchObject({ status: 202, json: { pipelines: [PIPELINE] } });
    expect(await run({ streams: ['deals_companies'] })).toMatchObject({ status: 202, json: first.json });
    expect(server.wakes()).toBe(before + 1);
    expect(await run({ fullRead: true })).toMatchObject({
      status: 409,
      json: { error: { code: 'KEY_USED_OTHERWISE' } },
    });
    const asked = await server.database.pool.query('select requested_streams from pipeline.pipelines');
    expect(asked.rows).toEqual([{ requested_streams: ['deals'] }]);
  });

  it('keeps a response that holds a secret for repetitions, and nobody else can read it', async () => {
    const request = { body: { name: 'grafana', role: 'viewer' }, headers: { 'idempotency-key': 'of-a-token' } };
    const { status, json } = await server.call('POST', '/tokens', request);
    expect(await server.call('POST', '/tokens', request)).toMatchObject({ status, json });
    const kept = await server.database.pool.query('select k::text as line from pipeline.idempotency_keys k');
    expect(JSON.stringify(kept.rows)).not.toContain(CreatedToken.parse(json).token);
  });

  it('closes a group of rejected records only if it is as large as the person saw', async () => {
    const { pool } = server.database;
    const record = { reason: 'the number is too large', record: '{"record":{"id":"secret-7"}}' };
    await rejectDeals(pool, [record, record, record]);
    const [group] = (await get('listRejectedGroups', '/rejected-records/groups')).items as unknown as {
      id: string;
      count: number;
    }[];
    expect(group).toMatchObject({ count: 3 });
    const listed = await server.call('GET', `/rejected-records?group=${group?.id}`, { token: server.tokens.viewer });
    expect(listed.json.items).toHaveLength(3);
    expect(listed.text).not.toContain('secret-7');
    await get('getRejected', `/rejected-records/${listed.json.items[0].id}`);
    const discard = (expected: number) =>
      server.call('POST', '/rejected-records/discard', { body: { group: group?.id, expected } });
    expect(await discard(2)).toMatchObject({ status: 409, json: { error: { code: 'EXPECTED_DIFFERS' } } });
    expect(await discard(3)).toMatchObject({ status: 202, json: { taken: 3 } });
  });

  it('keeps schedules that mean something, and says what they mean', async () => {
    const cron = (expression: string) => ({ timing: { kind: 'cron', expression, timeZone: 'Pacific/Auckland' } });
    expect(await server.call('PUT', '/pipelines/test/schedule', { body: cron('every day') })).toMatchObject({
      json: { error: { code: 'SCHEDULE_INVALID' } },
    });
    expect(await server.call('PUT', '/pipelines/test/schedule', { body: cron('0 6 * * 1-5') })).toMatchObject({
      status: 200,
      json: { origin: 'page' },
    });
    const preview = await server.call('POST', '/schedule/preview', { body: cron('0 6 * * *').timing });
    expect(preview.json.next).toHaveLength(5);
  });

  it('sends the dead letter of a live attempt again, byte for byte', async () => {
    const { pool } = server.database;
    const cycleId = (await startCycle(pool, [PIPELINE])) ?? '';
    await inTransaction(pool, (client) => startRun(client, cycleId, PIPELINE));
    const { rows } = await pool.query(`select id from pipeline.tasks where status = 'queued' and stream = 'deals'`);
    const task = await claimTask(pool, { taskId: rows[0].id, claimedBy: 'tap' });
    if (task === undefined) throw new Error('the task cannot be claimed');
    const body = Buffer.from([0, 255, 1, 254]);
    const headers = {
      v: 1,
      source: 'test',
      pipeline: PIPELINE,
      run: task.runId,
      task: task.taskId,
      epoch: task.epoch,
      stream: 'deals',
    };
    const batch = { seq: 0, rows: 1, sha256: 'a'.repeat(64), checkpoint: false, final: false };
    const received: Delivery[] = [];
    await server.broker.consume({ queue: 'loader.test', prefetch: 1 }, async (delivery) => {
      received.push(delivery);
      return received.length === 1 ? 'dead-letter' : 'ack';
    });
    await archiveDeadLetters({ pool, broker: server.broker, logger, defects: () => () => undefined });
    await server.broker.publisher().publish({
      exchange: 'pipeline.singer',
      routingKey: 'singer.test.deals',
      messageId: `${task.epoch}/0`,
      type: 'batch',
      headers: { ...headers, ...batch },
      contentType: 'application/x-ndjson',
      contentEncoding: 'zstd',
      body,
    });
    const listed = async () => (await server.call('GET', '/dead-letters')).json.items;
    await waitFor(async () => (await listed()).length === 1);
    const [{ id, commands }] = await listed();
    expect(commands.map(({ name }: { name: string }) => name)).toEqual(['replay', 'skip', 'discard']);
    expect(await server.call('POST', `/dead-letters/${id}/replay`)).toMatchObject({ status: 200 });
    await waitFor(() => received.length === 2);
    const { routingKey, messageId, type, contentEncoding } = received[0] ?? {};
    expect(received[1]).toMatchObject({
      routingKey,
      messageId,
      type,
      contentEncoding,
      body,
      headers: { ...headers, ...batch },
    });
    expect(await server.call('POST', `/dead-letters/${id}/replay`)).toMatchObject({ status: 409 });
    // What the page shows is read once a second.
    const activity = { state: 'reading', stream: 'deals' };
    await waitFor(async () => {
      expect((await get('getNow', '/now'))['pipelines']).toMatchObject([{ activity }]);
      return true;
    });
    expect(await server.call('POST', `/runs/${task.runId}/cancel`)).toMatchObject({ status: 200 });
    expect(await server.call('POST', `/runs/${task.runId}/cancel`)).toMatchObject({
      status: 409,
      json: { error: { code: 'RUN_OVER' } },
    });
  });
});
