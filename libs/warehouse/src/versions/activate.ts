import { activateTableVersion, noteRemovedRows } from '@pipeline/control';
import { type PoolClient, quoteIdent } from '@pipeline/postgres';
import { type DeleteRule, SEQ_LIMIT } from '@pipeline/protocol';
import { type NamedTable, registeredTable } from '../table/registered-table.ts';

export interface Activation {
  databaseSchema: string;
  stream: string;
  /** The attempt: rows with `_sdc_sequence` below `epoch * 2^24` were not brought by it. */
  epoch: number;
  rule: DeleteRule;
  /** Of the parent's table, when it is another. */
  parentSchema?: string;
  /** Refuses a deletion that is too large to be believed.
   *  @default {@link DEFAULT_DELETE_THRESHOLD} */
  threshold?: DeleteThreshold | 'off';
}

/** The most that one activation may delete: `rows`, or `share` of the live rows if that is more. */
export interface DeleteThreshold {
  rows: number;
  share: number;
}

/** Half of a table rarely disappears between two runs; tables of up to 100 rows may. */
export const DEFAULT_DELETE_THRESHOLD: DeleteThreshold = { rows: 100, share: 0.5 };

export type ActivationResult =
  | { outcome: 'activated'; deleted: number }
  /** Nothing was changed: `absent` of `live` rows would have gone. Repeat with `threshold: 'off'` to do it. */
  | { outcome: 'refused'; live: number; absent: number };

export interface VersionActivation {
  databaseSchema: string;
  stream: string;
  /** Rows of an older version, or of none, are gone. */
  version: string;
  /** `_sdc_sequence` of the tombstones. */
  sequence: bigint;
  /** Rows without a version and with at least this `_sdc_sequence` were brought by the run that activates: they are of the version. */
  ownFrom: bigint;
}

export type VersionResult =
  | { outcome: 'activated'; deleted: number }
  /** A newer version is active: nothing was changed. */
  | { outcome: 'stale' };

const NOTHING: ActivationResult = { outcome: 'activated', deleted: 0 };

/** See {@link Warehouse.activate}. */
export async function activate(
  client: PoolClient,
  activation: Activation,
  deletes: 'soft' | 'hard',
): Promise<ActivationResult> {
  const { databaseSchema, stream, rule, epoch } = activation;
  if (rule.kind === 'none') return NOTHING;
  const target = await registeredTable(client, databaseSchema, stream);
  if (target === undefined) return NOTHING;
  const first = BigInt(epoch) * BigInt(SEQ_LIMIT);
  const last = first + BigInt(SEQ_LIMIT) - 1n;
  let absent = `target._sdc_sequence < ${first}`;
  if (rule.kind === 'absent-per-parent') {
    const parent = await registeredTable(client, activation.parentSchema ?? databaseSchema, rule.parent);
    const link = parent && linkCondition(target, parent, rule.columns);
    if (parent === undefined || link === undefined) return NOTHING;
    absent += ` and exists (select from ${parent.name} as parent where ${link} and parent._sdc_sequence between ${first} and ${last})`;
  }
  const threshold = activation.threshold ?? DEFAULT_DELETE_THRESHOLD;
  if (threshold !== 'off') {
    const counts = await countRows(client, target.name, absent);
    if (counts.absent > Math.max(threshold.rows, threshold.share * counts.live))
      return { outcome: 'refused', ...counts };
  }
  return { outcome: 'activated', deleted: await deleteRows(client, target.name, absent, last, deletes) };
}

/** See {@link Warehouse.activateVersion}. */
export async function activateVersion(
  client: PoolClient,
  activation: VersionActivation,
  deletes: 'soft' | 'hard',
): Promise<VersionResult> {
  const { databaseSchema, stream, version, sequence } = activation;
  const target = await registeredTable(client, databaseSchema, stream);
  if (target === undefined) return { outcome: 'activated', deleted: 0 };
  if (!(await activateTableVersion(client, { databaseSchema, stream }, version))) return { outcome: 'stale' };
  await client.query(
    `update ${target.name} as target set _sdc_table_version = ${BigInt(version)}
     where target._sdc_table_version is null and target._sdc_sequence >= ${activation.ownFrom}`,
  );
  const older = `(target._sdc_table_version is null or target._sdc_table_version < ${BigInt(version)})`;
  return { outcome: 'activated', deleted: await deleteRows(client, target.name, older, sequence, deletes) };
}

/** See {@link Warehouse.removeDeleted}. */
export async function removeDeleted(
  client: PoolClient,
  { databaseSchema, stream }: { databaseSchema: string; stream: string },
): Promise<number> {
  const target = await registeredTable(client, databaseSchema, stream);
  if (target === undefined) return 0;
  const { rowCount } = await client.query(`delete from ${target.name} where _sdc_deleted_at is not null`);
  const removed = rowCount ?? 0;
  if (removed > 0) await noteRemovedRows(client, { databaseSchema, stream }, removed);
  return removed;
}

/** Undefined while one of the columns has never been filled. */
function linkCondition(child: NamedTable, parent: NamedTable, columns: Record<string, string>): string | undefined {
  const conditions = Object.entries(columns).map(([childProperty, parentProperty]) => {
    const childColumn = child.columns.get(childProperty);
    const parentColumn = parent.columns.get(parentProperty);
    if (childColumn === undefined || parentColumn === undefined) return undefined;
    return `target.${quoteIdent(childColumn)} = parent.${quoteIdent(parentColumn)}`;
  });
  return conditions.length === 0 || conditions.includes(undefined) ? undefined : conditions.join(' and ');
}

async function countRows(client: PoolClient, target: string, absent: string) {
  const { rows } = await client.query<{ live: string; absent: string }>(
    `select count(*) as live, count(*) filter (where ${absent}) as absent from ${target} as target
     where target._sdc_deleted_at is null`,
  );
  return { live: Number(rows[0]?.live ?? 0), absent: Number(rows[0]?.absent ?? 0) };
}

/** Marks live rows as deleted, with a sequence that no late batch of the attempt can pass; or removes them. */
async function deleteRows(
  client: PoolClient,
  target: string,
  condition: string,
  sequence: bigint,
  deletes: 'soft' | 'hard',
): Promise<number> {
  const statement =
    deletes === 'hard'
      ? `delete from ${target} as target where ${condition}`
      : `update ${target} as target set _sdc_deleted_at = now(), _sdc_sequence = greatest(_sdc_sequence, ${sequence})
         where ${condition} and target._sdc_deleted_at is null`;
  const { rowCount } = await client.query(statement);
  return rowCount ?? 0;
}
