import { insertToken, sha256 } from '@pipeline/control';
import { PAGE_ROWS_MAX, type Route, routes } from '@pipeline/protocol/api';
import { z } from 'zod';
import { seedHistory } from '../../../libs/control/test/history.ts';
import { PIPELINE } from '../../../libs/control/test/support.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';

const Page = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  nextCursor: z.string().nullable(),
});
const ROWS = 5;
const PAGES_MAX = 200;
const list = (Object.entries(routes) as [string, Route][]).filter(
  ([, { method, response }]) => method === 'GET' && isPage(response),
);
const isPaged = ({ query }: Route): boolean => query instanceof z.ZodObject && 'cursor' in query.shape;

/** Lists that come whole: what they hold is bounded by what somebody has configured, not by time. */
const WHOLE = [
  ...['listSources', 'listConnections', 'listPipelines', 'listSettings', 'listAlertChannels'],
  // By the selected streams, the columns of a table, the streams of a run, 366 days.
  ...['listStreams', 'listColumns', 'listTasks', 'listDays'],
];

function isPage(response: z.ZodType): boolean {
  return response instanceof z.ZodObject && 'nextCursor' in response.shape;
}

describe('a list', () => {
  let server: ApiServer;
  let runId: string;
  beforeAll(async () => {
    server = await startApiServer();
    const { pool } = server.database;
    await seedHistory(pool, ROWS * 4, ROWS);
    await pool.query(fill, [PIPELINE, ROWS]);
    for (let count = 0; count < ROWS; count += 1) {
      const name = `token ${count}`;
      await insertToken(pool, { name, role: 'viewer', sha256: sha256(name), createdBy: 'test', days: null });
      const token = Object.values(server.tokens)[count % 3];
      await server.call('POST', '/login', { token: undefined, body: { token } });
      await server.call('POST', '/pipelines/test/resume');
    }
    const { rows } = await pool.query<{ id: string }>(
      `select t.run_id as id from pipeline.tasks t join pipeline.attempts a on a.task_id = t.id join pipeline.ledger l using (epoch)
       group by 1 order by count(*) desc limit 1`,
    );
    runId = rows[0]?.id ?? '';
    await pool.query(
      `insert into pipeline.log_lines (at, level, service, cycle_id, run_id, stream, message, fields)
       select clock_timestamp(), 'info', 'test', r.cycle_id, r.id, 'deals', 'line ' || n, '{}'
       from pipeline.runs r, generate_series(1, $2::int) n where r.id = $1`,
      [runId, ROWS],
    );
  });
  afterAll(() => server.close());

  const pathOf = (path: string) =>
    path.replace('/api', '').replace(':source/:stream', 'test/deals').replace(':id', runId);
  const read = async (path: string, search: Record<string, string>) => {
    const reply = await server.call('GET', `${pathOf(path)}?${new URLSearchParams(search)}`);
    expect([path, reply.status]).toEqual([path, 200]);
    return Page.parse(reply.json);
  };

  it('goes on by cursor, or is bounded by what is configured', () => {
    expect(
      list
        .filter(([, route]) => !isPaged(route))
        .map(([name]) => name)
        .toSorted(),
    ).toEqual(WHOLE.toSorted());
  });

  it.each(list.filter(([, route]) => isPaged(route)))(
    '%s comes row by row as it comes whole, each once, and refuses a cursor that it has not given',
    async (_, { path }) => {
      const whole = await read(path, { limit: String(PAGE_ROWS_MAX) });
      expect(whole.items.length).toBeGreaterThanOrEqual(ROWS);
      const items: unknown[] = [];
      let cursor: string | null | undefined;
      for (let page = 0; cursor !== null && page < PAGES_MAX; page += 1) {
        const next = await read(path, { limit: '1', ...(cursor == null ? {} : { cursor }) });
        expect(next.items.length).toBe(1);
        items.push(...next.items);
        cursor = next.nextCursor;
      }
      const bare = (all: unknown[]) =>
        all.map((item) => JSON.stringify(item).replace(/"lastSeenAt":"[^"]*"|"seconds":[\d.]+/g, ''));
      expect(bare(items)).toEqual(bare(whole.items));
      const wrong = await server.call('GET', `${pathOf(path)}?cursor=bm9uc2Vuc2U`);
      expect([wrong.status, wrong.json.error?.code]).toEqual([400, expect.stringMatching(/CURSOR|REQUEST_INVALID/)]);
    },
  );
});

/** Some of everything that grows with time. */
const fill = `
  with n as (select generate_series(1, $2::int) as n),
  rejected as (insert into pipeline.rejected_records (pipeline, stream, reason, column_name, record)
    select $1, 'deals', 'reason ' || n, 'column_' || n, '{"type":"RECORD","stream":"deals","record":{"id":' || n || '}}' from n),
  dead as (insert into pipeline.dead_letters (queue, exchange, routing_key, message_id, reason, properties, headers, body)
    select 'loader.test', 'pipeline.singer', 'singer.test.deals', n::text, 'rejected', '{}', '{}', '' from n),
  incidents as (insert into pipeline.incidents (kind, subject, code, severity, title, cause, remedy, since, opened_at, closed_at)
    select 'late_stream', 'subject ' || n, 'STREAM_LATE', 'warn', 'a title', 'a cause', 'a remedy', a, a, clock_timestamp()
    from n, lateral (select clock_timestamp() - make_interval(mins => n)) x(a)),
  changes as (insert into pipeline.schema_changes (database_schema, stream, table_name, column_name, change, to_type)
    select 'test', 'deals', 'deals', 'column_' || n, 'add_column', 'text' from n),
  builds as (insert into pipeline.dbt_runs (target, status, sources, cycle_ids, requested_at, started_at, finished_at)
    select 'warehouse', 'succeeded', array['test'], '{}', a, a, a from n, lateral (select clock_timestamp() - make_interval(mins => n)) x(a))
  insert into pipeline.states (pipeline, stream, value, is_current, applied_at, set_by)
    select $1, 'deals', '{}', false, clock_timestamp() - make_interval(mins => n), 'test' from n`;
