import { createPool } from '@pipeline/postgres';
import { createTestDatabase, createTestVhost, type DatabaseTemplate, requestBroker } from '../src/index.ts';

describe('a test database', () => {
  let prepared = 0;
  const template: DatabaseTemplate = {
    name: 'testing_suite',
    prepare: async (pool) => {
      prepared += 1;
      await pool.query('create table seeds (id integer)');
    },
  };

  it('is a clone of its template, which is prepared once', async () => {
    const databases = await Promise.all([createTestDatabase(template), createTestDatabase(template)]);
    for (const { pool } of databases) await pool.query('insert into seeds values (1)');
    const counts = await Promise.all(databases.map(({ pool }) => pool.query('select count(*)::int as n from seeds')));
    await Promise.all(databases.map((database) => database.drop()));

    expect(counts.map(({ rows }) => rows[0].n)).toEqual([1, 1]);
    expect(prepared).toBe(1);
  });

  it('is gone after drop, even with a connection open', async () => {
    const database = await createTestDatabase();
    const straggler = createPool(database.options);
    await straggler.query('select 1');
    await database.drop();

    await expect(straggler.query('select 1')).rejects.toThrow();
    await straggler.end();
  });
});

describe('a test virtual host', () => {
  it('exists until it is deleted', async () => {
    const vhost = await createTestVhost();
    const found = await requestBroker('GET', `/vhosts/${vhost.name}`);
    await vhost.delete();

    expect(found).toMatchObject({ name: vhost.name });
    await expect(requestBroker('GET', `/vhosts/${vhost.name}`)).rejects.toThrow('404');
  });
});
