import type { RegisteredTable } from '@pipeline/control';
import { PipelineError } from '@pipeline/protocol';
import type { Field } from '../rows/row-shape.ts';
import { METADATA_COLUMNS } from './metadata.ts';
import type { Change } from './table-change.ts';
import { tableRefused } from './table-refusal.ts';
import type { CatalogTable } from './table-state.ts';

/** What makes a table's rows unique by the stream's key. A primary key that somebody else gave the table stays.
 *  @throws PipelineError `KEY_CHANGED`. */
export function planKey(
  stream: string,
  state: RegisteredTable,
  { primaryKey, uniqueKeys }: CatalogTable,
  keyColumns: string[],
  keyChange: 'error' | 'rekey',
): Change[] {
  const isOurs = state.name !== undefined;
  const isSame = sameSet(state.keyColumns, keyColumns);
  if (isOurs && !isSame && keyChange === 'error') throw keyChanged(stream, state.keyColumns, keyColumns);
  const isOwnKey = isOurs && sameSet(primaryKey, state.keyColumns);
  if (keyColumns.length === 0)
    return isOwnKey && primaryKey.length > 0 ? [{ change: 'change_key', from: primaryKey, to: [] }] : [];
  if (isOwnKey && !isSame) return [{ change: 'change_key', from: primaryKey, to: keyColumns }];
  if (uniqueKeys.some((columns) => sameSet(columns, keyColumns))) return [];
  return [
    primaryKey.length === 0
      ? { change: 'change_key', from: [], to: keyColumns }
      : { change: 'add_unique_index', to: keyColumns },
  ];
}

/** @throws PipelineError `TABLE_REFUSED` when no row of the stream could ever be inserted. */
export function checkFilled(
  place: { databaseSchema: string; stream: string; table: string },
  { columns }: CatalogTable,
  fields: Field[],
): void {
  const filled = new Set([...fields.map(({ column }) => column), ...Object.keys(METADATA_COLUMNS)]);
  for (const [column, { isNotNull, hasDefault, isComputed }] of columns) {
    if (!isNotNull || hasDefault || isComputed || filled.has(column)) continue;
    throw tableRefused(
      place,
      `the column ${column} may not be NULL, has no default, and the stream has no such property: give it a default, or let it be NULL`,
      column,
    );
  }
}

export function columnComputed(
  place: { databaseSchema: string; stream: string; table: string },
  column: string,
): PipelineError {
  return tableRefused(
    place,
    `PostgreSQL computes the values of column ${column} (generated, or identity "always"), and the stream brings values for it: ` +
      'make it an ordinary column, rename it, or take the property out of the stream',
    column,
  );
}

function sameSet(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

function keyChanged(stream: string, from: string[], to: string[]): PipelineError {
  const list = (columns: string[]) => (columns.length === 0 ? 'no key' : `(${columns.join(', ')})`);
  return new PipelineError({
    code: 'KEY_CHANGED',
    recovery: 'fix-config',
    message:
      `stream ${stream}: the table has ${list(from)}, the schema says ${list(to)}. Set "key_change" to "rekey" to change the ` +
      'key in place, or rename the table so that the stream begins a new one',
    context: { stream },
  });
}
