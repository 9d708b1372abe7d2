import type { TestDatabase } from '@pipeline/testing';
import { finalise } from '../src/index.ts';
import { claim, controlDatabase, endCycles, loadBatch, manifestOf, noDeletes, startTasks } from './support.ts';

/** A bookmark belongs to a table as it was. */
describe('a table that somebody changed between two runs', () => {
  let database: TestDatabase;
  const SOURCE = 'test';
  const run = async (complete = true) => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    if (complete) {
      await loadBatch(database.pool, task, { seq: 0, bookmark: 'here', manifest: manifestOf(task, 0) });
      await finalise(database.pool, task.epoch, noDeletes);
    }
    await endCycles(database.pool);
    return task;
  };
  const alerts = async () => {
    const { rows } = await database.pool.query<{ message: string }>(
      `select message from pipeline.alerts where kind = 'table_changed'`,
    );
    return rows.map(({ message }) => message);
  };

  beforeAll(async () => {
    database = await controlDatabase();
    await database.pool.query(`create schema ${SOURCE}`);
  });
  beforeEach(async () => {
    await database.pool.query(`
      create table ${SOURCE}.deals (id bigint primary key, name text);
      insert into ${SOURCE}.deals select n, 'x' from generate_series(1, 100) n;
      insert into pipeline.target_tables (database_schema, stream, table_name, key_columns) values ('${SOURCE}', 'deals', 'deals', '{id}');
      insert into pipeline.target_columns (database_schema, stream, property, column_name) values ('${SOURCE}', 'deals', 'id', 'id'), ('${SOURCE}', 'deals', 'name', 'name')`);
    await run();
  });
  afterEach(async () => {
    await endCycles(database.pool);
    await database.pool.query(`drop table if exists ${SOURCE}.deals, ${SOURCE}.other; delete from pipeline.target_tables;
      delete from pipeline.table_findings`);
  });
  afterAll(() => database.drop());

  it('is read on from its bookmark while it is as it was, with more rows and columns, indexes and views of its users', async () => {
    await database.pool.query(`
      insert into ${SOURCE}.deals values (101, 'y');
      delete from ${SOURCE}.deals where id = 1;
      alter table ${SOURCE}.deals add column note text;
      create index on ${SOURCE}.deals (name);
      create view ${SOURCE}.other_view as select id from ${SOURCE}.deals`);
    expect((await run()).fullRead).toBe(false);
    expect(await alerts()).toEqual([]);
    await database.pool.query(`drop view ${SOURCE}.other_view`);
  });

  it.each([
    ['was dropped', `drop table ${SOURCE}.deals`, 'the table is gone'],
    ['was renamed', `alter table ${SOURCE}.deals rename to other`, 'the table is gone'],
    [
      'was replaced',
      `alter table ${SOURCE}.deals rename to other; create table ${SOURCE}.deals (like ${SOURCE}.other including all);
       insert into ${SOURCE}.deals select * from ${SOURCE}.other`,
      'another table stands in its place',
    ],
    ['was emptied', `truncate ${SOURCE}.deals`, 'it has 0 rows and had 100'],
    ['lost rows', `delete from ${SOURCE}.deals where id > 90`, 'it has 90 rows and had 100'],
    ['lost a column', `alter table ${SOURCE}.deals rename name to title`, 'it has no column name any more'],
  ])('is read in full, and an alert says why: it %s', async (_, change, finding) => {
    await database.pool.query(change);
    const unfinished = await run(false);
    expect(unfinished.fullRead).toBe(true);
    expect(await alerts()).toEqual([expect.stringMatching(new RegExp(`${finding}.*is being read in full`))]);
    // Until it is whole again, every attempt reads it in full; then none.
    expect((await run()).fullRead).toBe(true);
    expect(await alerts()).toEqual([expect.stringContaining('read in full again')]);
    expect((await run()).fullRead).toBe(finding.includes('column') || finding.includes('gone'));
  });

  it('would be read on from its bookmark if nobody looked at the table: its rows stay away (mutation)', async () => {
    const { rows } = await database.pool.query<{ definition: string }>(
      `select pg_get_functiondef('pipeline.table_finding'::regproc) as definition`,
    );
    await database.pool.query(`
      truncate ${SOURCE}.deals;
      create or replace function pipeline.table_finding(of_schema text, of_stream text) returns text
        language sql stable as 'select null::text'`);
    try {
      expect((await run()).fullRead).toBe(false);
      expect(await alerts()).toEqual([]);
    } finally {
      await database.pool.query(rows[0]?.definition ?? '');
    }
  });

  it('is found by the next run when it was changed during a run', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const task = await claim(database.pool, tasks.get('deals'));
    await database.pool.query(`truncate ${SOURCE}.deals`);
    await loadBatch(database.pool, task, { seq: 0, bookmark: 'later', manifest: manifestOf(task, 0) });
    await finalise(database.pool, task.epoch, noDeletes);
    await endCycles(database.pool);
    expect((await run(false)).fullRead).toBe(true);
  });
});
