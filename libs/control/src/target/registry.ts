import type { Queryable } from '@pipeline/postgres';
import * as statements from './registry.sql.ts';

/** A stream in the database schema of its source. */
export interface StreamPlace {
  databaseSchema: string;
  stream: string;
}

/** What the registry says about a stream's table. */
export interface RegisteredTable {
  /** Undefined for a stream that was never loaded. */
  name: string | undefined;
  /** Column of each property that ever had one. */
  names: Map<string, string>;
  keyColumns: string[];
  /** The newest version that an ACTIVATE_VERSION made the valid one. */
  activeVersion: bigint | undefined;
  /** Of the names that the stream's table could get, those of other streams' tables. */
  otherTables: Set<string>;
}

/** @param candidates names that a new table could get. */
export async function readRegistry(
  db: Queryable,
  databaseSchema: string,
  stream: string,
  candidates: string[] = [],
): Promise<RegisteredTable> {
  const row = await statements.selectTable.first(db, { databaseSchema, stream, candidates });
  return {
    name: row?.name ?? undefined,
    names: new Map(Object.entries(row?.names ?? {})),
    keyColumns: row?.key_columns ?? [],
    activeVersion: row?.active_version == null ? undefined : BigInt(row.active_version),
    otherTables: new Set(row?.others ?? []),
  };
}

/** A change of a table, for the history in `pipeline.schema_changes`. */
export interface SchemaChange {
  column: string | null;
  change: string;
  from: string | null;
  to: string | null;
}

/** Makes a table known, or its new key, with the columns that it has from now on and what was changed for that. */
export async function registerTable(
  db: Queryable,
  { databaseSchema, stream }: StreamPlace,
  registration: { table: string; keyColumns: string[]; newColumns: Map<string, string>; changes: SchemaChange[] },
): Promise<void> {
  const { table, keyColumns, newColumns, changes } = registration;
  await statements.register.run(db, {
    ...{ databaseSchema, stream, table, keyColumns },
    properties: [...newColumns.keys()],
    names: [...newColumns.values()],
    columns: changes.map(({ column }) => column),
    changes: changes.map(({ change }) => change),
    from: changes.map(({ from }) => from),
    to: changes.map(({ to }) => to),
  });
}

/** Makes a Singer table version the valid one. False: a newer one is, and nothing was changed. */
export async function activateTableVersion(
  db: Queryable,
  { databaseSchema, stream }: StreamPlace,
  version: string,
): Promise<boolean> {
  return (await statements.updateActiveVersion.run(db, { databaseSchema, stream, version })) > 0;
}
