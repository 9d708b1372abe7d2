import { prepareDatabase } from '@pipeline/control';
import { createPool, inTransaction, type Pool } from '@pipeline/postgres';
import { createTestDatabase, ROLE_PASSWORD, type TestDatabase } from '@pipeline/testing';
import { withoutViews } from '../src/table/dependent-views.ts';

describe('a role per service', () => {
  let database: TestDatabase;
  let loader: Pool;
  let dbt: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    const turns = createPool({ ...database.options, database: 'postgres' });
    await prepareDatabase(database.pool, () => ROLE_PASSWORD, turns).finally(() => turns.end());
    const as = (user: string) => createPool({ ...database.options, user, password: ROLE_PASSWORD });
    loader = as('pipeline_loader');
    dbt = as('pipeline_dbt');
  });
  afterAll(async () => {
    await Promise.all([loader.end(), dbt.end()]);
    await database.drop();
  });

  it("lets the loader widen a column under a view of dbt's: the view stays, and stays dbt's", async () => {
    await loader.query('create schema test; create table test.people (id int)');
    await dbt.query('create schema models; create view models.people as select id from test.people');
    const views = await inTransaction(loader, (client) =>
      withoutViews(client, 'test.people', 'id', async () => {
        await client.query('alter table test.people alter column id type bigint');
      }),
    );
    expect(views).toEqual(['models.people']);
    await dbt.query('create or replace view models.people as select id, 1 as one from test.people');
    expect((await dbt.query('select * from models.people')).rowCount).toBe(0);
  });
});
