import type { SchemaChange } from '../../schema.ts';

const VERBS: Record<string, string> = {
  create_table: 'table made',
  add_column: 'new column',
  widen_column: 'widened',
  drop_not_null: 'may be empty now',
  change_key: 'new key',
  add_unique_index: 'unique index made',
  restore_view: 'view made again',
};

/** `cis_rate: widened from bigint to numeric`. */
export function changeText({
  column,
  change,
  fromType,
  toType,
}: Pick<SchemaChange, 'column' | 'change' | 'fromType' | 'toType'>): string {
  const what = VERBS[change] ?? change.replaceAll('_', ' ');
  const types =
    fromType !== null && toType !== null ? ` from ${fromType} to ${toType}` : toType !== null ? `, ${toType}` : '';
  return `${column === null ? '' : `${column}: `}${what}${types}`;
}
