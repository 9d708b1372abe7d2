import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  archiveDeadLetter,
  claimDbtRun,
  encryptionKey,
  finishDbtRun,
  insertConnection,
  recordCheck,
  requestBuild,
} from '@pipeline/control';
import { inTransaction, type Pool } from '@pipeline/postgres';
import { waitFor } from '@pipeline/testing';
import { seedHistory } from '../../../libs/control/test/history.ts';
import { PIPELINE, rejectDeals } from '../../../libs/control/test/support.ts';
import { tellIncidents } from '../src/alerts/notifier.ts';
import { lookOut } from '../src/incidents/look-out.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';
import { type MailReceiver, startMailReceiver } from './support/mail-receiver.ts';

interface Rule {
  kind: string;
  begin: (pool: Pool) => Promise<unknown>;
  end: (pool: Pool) => Promise<unknown>;
}

let freeBlocks = 100;

const reject = (pool: Pool) => rejectDeals(pool, [{ reason: 'too large', record: '{}' }]);

const CHECK = {
  ...{ checkedAt: new Date().toISOString(), isOk: true, account: null, code: null, message: null, remedy: null },
  ...{ scopes: [], streams: [], limits: [] },
};
const endsIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const look = (pool: Pool, days: number) =>
  recordCheck(pool, { connection: 'second', source: 'test', result: { ...CHECK, tokenEndsAt: endsIn(days) } });

async function build(pool: Pool, status: string): Promise<void> {
  const target = 'warehouse';
  await inTransaction(pool, (client) =>
    requestBuild(client, { target, sources: ['test'], onlyNodes: null, by: 'anna' }),
  );
  const claim = await claimDbtRun(pool, { target, claimedBy: 'a runner' });
  if (claim === undefined) throw new Error('nothing to claim');
  const result = { uniqueId: 'test.p.unique_deals', status, seconds: 1, failures: null, message: null, reason: null };
  await finishDbtRun(pool, claim, { outcome: 'failed', error: null, results: [result] });
}

const RUN =
  (status: string, task: string, code: string | null = null, streams = ['owners']) =>
  (pool: Pool) =>
    pool.query(
      `with c as (insert into pipeline.cycles (status, pipelines, started_at, finished_at)
                values ('succeeded', array[$1], clock_timestamp(), clock_timestamp()) returning id),
     r as (insert into pipeline.runs (cycle_id, pipeline, source, status, started_at, finished_at)
           select id, $1, 'test', $2, clock_timestamp(), clock_timestamp() from c returning id)
     insert into pipeline.tasks (run_id, pipeline, source, stream, status, error, error_code, attempts, queued_at, finished_at)
     select id, $1, 'test', stream, $3, 'scope missing', $4, 1, clock_timestamp(), clock_timestamp()
     from r, unnest($5::text[]) as stream`,
      [PIPELINE, status, task, code, streams],
    );
const sql = (text: string) => (pool: Pool) => pool.query(text);
const NEWEST = `(select epoch from pipeline.attempts where stream = 'owners' and outcome = 'loaded' order by finished_at desc limit 1)`;

const RULES: Rule[] = [
  {
    kind: 'reauthorise',
    begin: RUN('failed', 'failed', 'SOURCE_UNAUTHORISED', ['owners', 'deals']),
    end: RUN('loaded', 'loaded'),
  },
  { kind: 'failed_stream', begin: RUN('failed', 'failed', 'SOURCE_FORBIDDEN'), end: RUN('loaded', 'loaded') },
  {
    kind: 'late_stream',
    begin: sql(`update pipeline.attempts set finished_at = finished_at - interval '1 day' where stream = 'deals'`),
    end: sql(`update pipeline.attempts set finished_at = finished_at + interval '1 day' where stream = 'deals'`),
  },
  {
    kind: 'zero_rows',
    begin: sql(
      `update pipeline.attempts set full_read = true where stream = 'owners'; update pipeline.ledger set rows = 0 where epoch = ${NEWEST}`,
    ),
    end: sql(`update pipeline.ledger set rows = 100 where epoch = ${NEWEST}`),
  },
  {
    kind: 'schema_change',
    begin: sql(
      `insert into pipeline.schema_changes (database_schema, stream, table_name, column_name, change, to_type)
       values ('test', 'deals', 'deals', 'renewal_date', 'add_column', 'date')`,
    ),
    end: sql(`update pipeline.schema_changes set at = at - interval '2 hours'`),
  },
  {
    kind: 'paused_by_failures',
    begin: sql(`update pipeline.pipelines set paused = true, paused_by = 'scheduler', paused_at = clock_timestamp()`),
    end: sql(`update pipeline.pipelines set paused = false, paused_by = null`),
  },
  {
    kind: 'no_tap',
    begin: sql(`update pipeline.pipelines set seen_at = clock_timestamp() - interval '2 minutes'`),
    end: sql(`update pipeline.pipelines set seen_at = clock_timestamp() + interval '1 hour'`),
  },
  {
    kind: 'rejected_records',
    begin: reject,
    end: sql(`update pipeline.rejected_records set status = 'discarded' where status = 'open'`),
  },
  {
    kind: 'dead_letters',
    begin: (pool) =>
      archiveDeadLetter(pool, {
        ...{ queue: 'loader.test', exchange: 'pipeline.singer', routingKey: 'singer.test.deals', messageId: '1/0' },
        ...{ reason: 'rejected', properties: {}, headers: {}, body: Buffer.alloc(0) },
      }),
    end: sql(
      `update pipeline.dead_letters set status = 'discarded', closed_at = clock_timestamp() where status = 'open'`,
    ),
  },
  { kind: 'token_ends', begin: (pool) => look(pool, 2), end: (pool) => look(pool, 60) },
  { kind: 'dbt_node', begin: (pool) => build(pool, 'fail'), end: (pool) => build(pool, 'pass') },
  {
    kind: 'disk_low',
    begin: async () => {
      freeBlocks = 1;
    },
    end: async () => {
      freeBlocks = 100;
    },
  },
];

describe('an alert', () => {
  let server: ApiServer;
  let receiver: Server;
  const received: { event: string; title: string; incident: { kind: string } }[] = [];
  const slack: string[] = [];
  let mail: MailReceiver;
  beforeAll(async () => {
    server = await startApiServer();
    const { pool } = server.database;
    await seedHistory(pool, 20);
    // The failures of the seeded history are long over.
    await RUN('loaded', 'loaded')(pool);
    await sql(`update pipeline.pipelines set seen_at = clock_timestamp() + interval '1 hour'`)(pool);
    await inTransaction(pool, (client) =>
      insertConnection(client, {
        ...{
          name: 'second',
          source: 'test',
          settings: {},
          secrets: null,
          selection: { select: null },
          targetSchema: 'second',
        },
      }),
    );
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const body = JSON.parse(Buffer.concat(chunks).toString());
          if (request.url === '/slack-path') slack.push(body.text);
          else received.push(body);
          response.end();
        });
    }).listen(0, '127.0.0.1');
    await waitFor(() => receiver.listening);
    const { port } = receiver.address() as AddressInfo;
    mail = await startMailReceiver();
    for (const body of [
      { name: 'team', kind: 'webhook', target: `http://127.0.0.1:${port}/secret-path` },
      { name: 'chat', kind: 'slack', target: `http://127.0.0.1:${port}/slack-path` },
      { name: 'mail', kind: 'email', target: 'team@example.com' },
    ])
      expect((await server.call('POST', '/alert-channels', { body })).status).toBe(201);
  });
  afterAll(async () => {
    receiver.close();
    receiver.closeAllConnections();
    await mail.close();
    await server.close();
  });

  const lookTimes = async (times: number) => {
    const { pool } = server.database;
    const step = lookOut({
      ...{ pool, settings: server.settings, dataPath: '.', ownAlerts: () => [] },
      diskOf: async () => ({ bavail: freeBlocks, blocks: 1_000, bsize: 1_000_000 * (freeBlocks > 1 ? 1_000 : 1) }),
      tell: () =>
        tellIncidents({
          pool,
          key: encryptionKey('ab'.repeat(32)),
          smtpUrl: mail.url,
          mailFrom: 'pipeline@example.com',
        }),
    });
    for (let count = 0; count < times; count += 1) await step();
  };
  const told = (kind: string) => received.filter(({ incident }) => incident.kind === kind).map(({ event }) => event);

  it.each(RULES)('of $kind is one message when it begins and one when it is over', async ({ kind, begin, end }) => {
    const { pool } = server.database;
    await lookTimes(2);
    expect(told(kind)).toEqual([]);
    await begin(pool);
    await lookTimes(1);
    expect(told(kind)).toEqual([]);
    await lookTimes(3);
    expect(told(kind)).toEqual(['opened']);
    await end(pool);
    await lookTimes(4);
    expect(told(kind)).toEqual(['opened', 'closed']);
  });

  it('comes by Slack and by e-mail as well, each once and in the same words', () => {
    expect(received.length).toBeGreaterThanOrEqual(RULES.length * 2);
    const titles = received.map(({ title }) => title).toSorted();
    expect(slack.map((text) => /^\*(.*)\*$/m.exec(text)?.[1]).toSorted()).toEqual(titles);
    const subjects = mail.mails.map(({ text }) =>
      /^Subject: (?:\[pipeline\] )?(.*(?:\n .*)*)$/m.exec(text)?.[1]?.replace(/\n/g, ''),
    );
    expect(subjects.toSorted()).toEqual(titles);
    for (const { from, to } of mail.mails) expect([from, to]).toEqual(['pipeline@example.com', 'team@example.com']);
  });

  it('that cannot be delivered is an incident of its own, told by the other channels, and names no address', async () => {
    const body = { name: 'broken', kind: 'webhook', target: 'http://127.0.0.1:9/canary-path' };
    await server.call('POST', '/alert-channels', { body });
    await reject(server.database.pool);
    await lookTimes(5);
    expect(told('alert_channel')).toEqual(['opened']);
    expect(JSON.stringify(received)).not.toMatch(/canary-path|secret-path/);
  });
});
