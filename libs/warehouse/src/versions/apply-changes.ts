import { registerTable, type SchemaChange } from '@pipeline/control';
import { type PoolClient, quoteIdent } from '@pipeline/postgres';
import { withoutViews } from '../table/dependent-views.ts';
import { storable } from '../table/identifier.ts';
import { METADATA_COLUMNS } from '../table/metadata.ts';
import type { Change } from '../table/table-change.ts';
import type { TablePlan } from '../table/table-plan.ts';

interface Place {
  databaseSchema: string;
  stream: string;
}

/** Carries out a plan and writes it into the registry, inside the caller's transaction. Additive: no column, table or value goes away. */
export async function applyChanges(client: PoolClient, place: Place, plan: TablePlan): Promise<void> {
  const target = `${quoteIdent(place.databaseSchema)}.${quoteIdent(plan.name)}`;
  const newColumns = new Map([...plan.newNames].map(([property, column]) => [storable(property), column]));
  const registration = { table: plan.name, keyColumns: plan.keyColumns, newColumns };
  if (plan.changes.some(({ change }) => change === 'create_table')) {
    await registerTable(client, place, { ...registration, changes: plan.changes.map(historyOf) });
    return createTable(client, place.databaseSchema, target, plan);
  }
  // First of all, for whoever comes second must find out here that the name is taken.
  await registerTable(client, place, { ...registration, changes: [] });
  const made: SchemaChange[] = [];
  for (const change of plan.changes) {
    const views = await alterTable(client, target, change);
    made.push(historyOf(change), ...views.map((to) => ({ change: 'restore_view', column: null, from: null, to })));
  }
  if (made.length > 0) await registerTable(client, place, { ...registration, newColumns: new Map(), changes: made });
}

async function createTable(client: PoolClient, databaseSchema: string, target: string, plan: TablePlan): Promise<void> {
  // CREATE SCHEMA IF NOT EXISTS wants the right to create one even where it exists.
  const { rowCount } = await client.query('select from pg_namespace where nspname = $1', [databaseSchema]);
  if (rowCount === 0) await client.query(`create schema ${quoteIdent(databaseSchema)}`);
  const columns = plan.changes
    .flatMap((change) => (change.change === 'add_column' ? [change] : []))
    .map(({ column, to }) => `${quoteIdent(column)} ${to}`);
  const metadata = Object.entries(METADATA_COLUMNS).map(([column, type]) => `${column} ${type}`);
  const key = plan.keyColumns.map(quoteIdent).join(', ');
  const constraints = key === '' ? [] : [`primary key (${key})`];
  await client.query(`create table ${target} (${[...columns, ...metadata, ...constraints].join(', ')})`);
  // A failed attempt's rows are found by their sequence; where there is a key, the next attempt replaces them.
  if (key === '') await client.query(`create index on ${target} (_sdc_sequence)`);
}

/** Returns the names of views that were taken away for it and put back. */
async function alterTable(client: PoolClient, target: string, change: Change): Promise<string[]> {
  switch (change.change) {
    case 'create_table':
      break;
    case 'add_column':
      await client.query(`alter table ${target} add column if not exists ${quoteIdent(change.column)} ${change.to}`);
      break;
    case 'drop_not_null':
      await client.query(`alter table ${target} alter column ${quoteIdent(change.column)} drop not null`);
      break;
    case 'change_key':
      await changeKey(client, target, change.from, change.to);
      break;
    case 'add_unique_index':
      await client.query(`create unique index on ${target} (${change.to.map(quoteIdent).join(', ')})`);
      break;
    case 'widen_column': {
      const column = quoteIdent(change.column);
      const using = conversion(change.column, change.from, change.to);
      return withoutViews(client, target, change.column, async () => {
        await client.query(`alter table ${target} alter column ${column} type ${change.to} using ${using}`);
      });
    }
  }
  return [];
}

/** The text that the tap would send today for a value of the old type. */
function conversion(name: string, from: string, to: string): string {
  const column = quoteIdent(name);
  // Another target's sequence counts something else; as nothing, it loses against every row of ours.
  if (name === '_sdc_sequence') return 'null::bigint';
  const instant = `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  if (from === 'timestamptz') return to === 'jsonb' ? `to_jsonb(${instant})` : instant;
  if (to === 'jsonb') return `to_jsonb(${column})`;
  // As a number of its own a double is rounded to 15 digits; as text it is not.
  if (to === 'numeric' && (from === 'double precision' || from === 'real')) return `${column}::text::numeric`;
  if (to === 'timestamptz') return `${column}::timestamp at time zone 'UTC'`;
  return `${column}::${to}`;
}

async function changeKey(client: PoolClient, target: string, from: string[], to: string[]): Promise<void> {
  if (from.length > 0) {
    const { rows } = await client.query<{ name: string }>(
      `select conname as name from pg_constraint where conrelid = $1::regclass and contype = 'p'`,
      [target],
    );
    for (const { name } of rows) await client.query(`alter table ${target} drop constraint ${quoteIdent(name)}`);
    for (const column of from.filter((column) => !to.includes(column))) {
      await client.query(`alter table ${target} alter column ${quoteIdent(column)} drop not null`);
    }
  }
  if (to.length > 0) await client.query(`alter table ${target} add primary key (${to.map(quoteIdent).join(', ')})`);
  else await client.query(`create index on ${target} (_sdc_sequence)`);
}

function historyOf(change: Change): SchemaChange {
  return {
    change: change.change,
    column: 'column' in change ? change.column : null,
    from: 'from' in change ? String(change.from) : null,
    to: 'to' in change ? String(change.to) : null,
  };
}
