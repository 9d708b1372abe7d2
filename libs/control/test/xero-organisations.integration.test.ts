import type { Pool } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import { controlDatabase } from './support.ts';

/** Tables of the time when a connection read one organisation. */
describe('tables of Xero from before organisations were told apart', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeEach(async () => {
    database = await controlDatabase();
    pool = database.pool;
    await pool.query(`
      create schema xero;
      create table xero.organisation (organisation_id text primary key, _sdc_deleted_at timestamptz);
      create table xero.invoice_line_items (invoice_id text, line_item_id text, primary key (invoice_id, line_item_id));
      insert into xero.organisation values ('org', null);
      insert into xero.invoice_line_items values ('i', 'a'), ('i', 'b');
      insert into pipeline.target_tables (database_schema, stream, table_name, key_columns)
      values ('xero', 'organisation', 'organisation', '{organisation_id}'),
             ('xero', 'invoice_line_items', 'invoice_line_items', '{invoice_id,line_item_id}');
    `);
  });
  afterEach(() => database.drop());

  const migrate = () => pool.query('select pipeline.add_xero_organisation()');
  const keyOf = async (table: string) => {
    const { rows } = await pool.query<{ key: string }>(
      `select pg_get_constraintdef(oid) as key from pg_constraint where conrelid = $1::regclass and contype = 'p'`,
      [`xero.${table}`],
    );
    return rows[0]?.key;
  };

  it('get the organisation as a column and in their key, and are known so', async () => {
    await migrate();
    const { rows } = await pool.query('select * from xero.invoice_line_items order by line_item_id');
    expect(rows).toEqual([
      { invoice_id: 'i', line_item_id: 'a', tenant_id: 'org' },
      { invoice_id: 'i', line_item_id: 'b', tenant_id: 'org' },
    ]);
    expect(await keyOf('invoice_line_items')).toBe('PRIMARY KEY (tenant_id, invoice_id, line_item_id)');
    expect(await keyOf('organisation')).toBe('PRIMARY KEY (tenant_id, organisation_id)');
    const { rows: known } = await pool.query(
      `select key_columns, (select property from pipeline.target_columns c where c.stream = t.stream) as property
       from pipeline.target_tables t where stream = 'invoice_line_items'`,
    );
    expect(known).toEqual([{ key_columns: ['tenant_id', 'invoice_id', 'line_item_id'], property: 'TenantID' }]);
  });

  it('stay as they are when they have it', async () => {
    await migrate();
    await migrate();
    const { rows } = await pool.query(
      `select count(*)::int as changes from pipeline.schema_changes where change = 'change_key'`,
    );
    expect(rows).toEqual([{ changes: 2 }]);
  });
});
