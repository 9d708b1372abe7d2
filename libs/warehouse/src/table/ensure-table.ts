import { readRegistry } from '@pipeline/control';
import {
  inTransaction,
  isTransient,
  type Pool,
  type PoolClient,
  type Queryable,
  quoteIdent,
  quoteLiteral,
  sqlstate,
  withClient,
} from '@pipeline/postgres';
import { type Backoff, retry } from '@pipeline/resilience';
import type { SchemaMessage } from '@pipeline/singer';
import type { StreamOptions } from '../stream-options.ts';
import { applyChanges } from '../versions/apply-changes.ts';
import { Needs } from './needs.ts';
import { describeTable, refuseTable, type Table } from './table.ts';
import { type PlanOptions, planTable, type TablePlan, tableName, tableNames } from './table-plan.ts';
import { explainRefusal, isNameUnknowable, tableRefused } from './table-refusal.ts';
import { type CatalogTable, readCatalog } from './table-state.ts';

/** A lock on a table that a long query holds is not worth queueing for: everybody behind would wait too. */
const LOCK_TIMEOUT_MS = 2_000;
/** With the pauses, about a minute of patience before the caller hears of it. */
const TRIES_MAX = 20;
const BACKOFF: Backoff = { firstMs: 100, maxMs: 1_000 };

/** What two loaders get that create the same thing at the same time: the second finds it there when it looks again. The last two: somebody made a view
 *  on a view, or dropped one, in this moment. */
const LOST_RACES = new Set(['23505', '42P06', '42P07', '42701', '42710', '2BP01', '42P01']);

/** Of `pg_class.relkind`: ordinary and partitioned tables. */
const TABLE_KINDS = new Set(['r', 'p']);

/** A statement that ran into its time-out: a rewrite of a large table takes as long the next time. */
const QUERY_CANCELED = '57014';

const NOTHING_FOUND = new Needs();

interface Place {
  databaseSchema: string;
  schema: SchemaMessage;
  options?: StreamOptions | undefined;
}

/** Makes the table hold what the schema declares, in short transactions of its own, and describes it. Where nothing is missing it only reads. */
export async function ensureTable(pool: Pool, place: Place, options: PlanOptions): Promise<Table> {
  const ensure = async () => {
    const known = await withClient(pool, (client) => lookAt(client, place, NOTHING_FOUND, options));
    if (known.table !== undefined) return known.table;
    // The commit of the first batch takes this one to the disk too; without it, the table is made again.
    const settings = { synchronous_commit: 'off' };
    return inTransaction(pool, (client) => changeTable(client, place, NOTHING_FOUND, options, settings));
  };
  const isExpected = (error: unknown) =>
    !isNameUnknowable(error) && (isTransient(error) || LOST_RACES.has(sqlstate(error) ?? ''));
  try {
    return await retry(ensure, { isExpected, triesMax: TRIES_MAX, backoff: BACKOFF });
  } catch (error) {
    if (!isNameUnknowable(error)) throw error;
    const { databaseSchema, schema } = place;
    throw explainRefusal(error, { databaseSchema, stream: schema.stream, table: schema.stream });
  }
}

/** The same inside the caller's transaction, for what records turned out to need. The caller has not touched the table in it:
 *  two transactions that both hold a lock on it and both want a stronger one would never end.
 *  @param settings of PostgreSQL, for the rest of the transaction. */
export async function changeTable(
  client: PoolClient,
  place: Place,
  found: Needs,
  options: PlanOptions,
  settings: Record<string, string> = {},
): Promise<Table> {
  // In one go, and in this order: the lock is waited for with the time-out.
  const local = Object.entries({ lock_timeout: String(LOCK_TIMEOUT_MS), ...settings });
  const set = local
    .map(([name, value]) => `set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, true)`)
    .join(', ');
  await client.query(`select ${set}, pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `warehouse ${place.databaseSchema}.${place.schema.stream}`,
  ]);
  const before = await lookAt(client, place, found, options);
  if (before.table !== undefined) return before.table;
  const { databaseSchema, schema } = place;
  try {
    await applyChanges(client, { databaseSchema, stream: schema.stream }, before.plan);
  } catch (error) {
    if (isTransient(error) && sqlstate(error) !== QUERY_CANCELED) throw error;
    if (LOST_RACES.has(sqlstate(error) ?? '') && (before.isNew || isRegistryTaken(error))) throw error;
    throw explainRefusal(error, { databaseSchema, stream: schema.stream, table: before.plan.name });
  }
  const after = await lookAt(client, place, found, options, before.isNew);
  if (after.table === undefined)
    throw new Error(`the changes to ${before.plan.name} left ${after.plan.changes.length} to make`);
  return after.table;
}

/** Another stream has registered the table's name in this moment: the next look finds another name. */
function isRegistryTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'table' in error && error.table === 'target_tables';
}

/** The plan, and the table if there is nothing to change. */
async function lookAt(
  db: Queryable,
  place: Place,
  found: Needs,
  options: PlanOptions,
  isJustMade = false,
): Promise<{ plan: TablePlan; table: Table | undefined; isNew: boolean }> {
  const { databaseSchema, schema } = place;
  const candidates = tableNames(schema.stream, options);
  const state = await readRegistry(db, databaseSchema, schema.stream, candidates);
  const name = tableName(schema.stream, state, options);
  const catalog = await readCatalog(db, databaseSchema, name);
  if (catalog !== undefined) checkKind({ databaseSchema, stream: schema.stream, table: name }, catalog);
  const plan = planTable(databaseSchema, schema, state, catalog, found, options);
  const { tables } = options.contract;
  if (tables !== 'evolve' && catalog === undefined && state.name === undefined) {
    return { plan, isNew: true, table: refuseTable({ databaseSchema, schema }, plan, options.contract) };
  }
  if (catalog === undefined || plan.changes.length > 0 || plan.newNames.size > 0 || state.name === undefined) {
    return { plan, isNew: catalog === undefined, table: undefined };
  }
  const isEmpty = isJustMade || (await hasNoRows(db, databaseSchema, name));
  const { oid, signature } = catalog;
  return {
    plan,
    isNew: false,
    table: describeTable(
      { databaseSchema, schema, options: place.options, oid, signature, isEmpty },
      plan,
      options.contract,
    ),
  };
}

async function hasNoRows(db: Queryable, databaseSchema: string, table: string): Promise<boolean> {
  const { rows } = await db.query<{ is_empty: boolean }>(
    `select not exists (select from ${quoteIdent(databaseSchema)}.${quoteIdent(table)}) as is_empty`,
  );
  return rows[0]?.is_empty ?? false;
}

function checkKind(place: { databaseSchema: string; stream: string; table: string }, catalog: CatalogTable): void {
  if (!TABLE_KINDS.has(catalog.kind)) {
    throw tableRefused(
      place,
      'there is a view, an index, a sequence or a foreign table of that name: rename it, or change the name or schema of the stream',
    );
  }
  if (catalog.hasRules)
    throw tableRefused(place, 'it has a rule, and rules rewrite what is loaded: drop it, or use a trigger');
}
