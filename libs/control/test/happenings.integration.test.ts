import type { TestDatabase } from '@pipeline/testing';
import { listHappenings, recordAudit } from '../src/index.ts';
import { controlDatabase } from './support.ts';

describe('what happened lately', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterAll(() => database.drop());

  const change = (table: string, change: string, columns: string[], minutesAgo: number) =>
    database.pool.query(
      `insert into pipeline.schema_changes (at, database_schema, stream, table_name, column_name, change, to_type)
       select date_trunc('hour', clock_timestamp()) - interval '2 hours' + make_interval(mins => $4), 'hubspot', $1, $1, c, $2, 'text'
       from unnest($3::text[]) c`,
      [table, change, columns, minutesAgo],
    );
  const texts = async () => (await listHappenings(database.pool, 20)).map(({ text }) => text);

  it('has one line for the tables that a first load makes, and one for what was added to a table later', async () => {
    for (const table of ['deals', 'companies']) {
      await database.pool.query(
        `insert into pipeline.schema_changes (at, database_schema, stream, table_name, change)
         values (date_trunc('hour', clock_timestamp()) - interval '2 hours', 'hubspot', $1, $1, 'create_table')`,
        [table],
      );
      await change(table, 'add_column', ['id', 'name', 'amount'], 1);
    }
    expect(await texts()).toEqual(['2 new tables in hubspot: companies, deals']);
    await change('deals', 'add_column', ['renewal_date', 'owner'], 30);
    await change('deals', 'add_unique_index', ['id'], 31);
    expect(await texts()).toEqual([
      '2 new columns in hubspot.deals: owner, renewal_date',
      '2 new tables in hubspot: companies, deals',
    ]);
  });

  it('counts a command that is given again, and leaves out who only looks', async () => {
    for (let times = 0; times < 3; times += 1) {
      const target = 'pipeline_xero_to_postgres';
      await recordAudit(database.pool, { actor: 'anna', action: 'request-run', target, details: {} });
    }
    await recordAudit(database.pool, { actor: 'anna', action: 'preview', target: 'x', details: {} });
    expect((await texts())[0]).toMatch(/^anna asked for a run of xero/);
    expect(await texts()).toHaveLength(3);
  });

  it('tells of an incident when it opens and when it is over', async () => {
    await database.pool.query(
      `insert into pipeline.incidents (kind, subject, code, severity, title, cause, remedy, since, opened_at, closed_at)
       values ('k', 's', 'C', 'warn', 'Xero is late', '', '', now(), now() + interval '1 minute', now() + interval '2 minutes')`,
    );
    expect((await texts()).slice(0, 2)).toEqual(['over: Xero is late', 'Xero is late']);
  });
});
