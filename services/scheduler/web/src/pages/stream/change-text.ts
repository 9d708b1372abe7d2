import type { SchemaChange } from '../../schema.ts';

/** `cis_rate: widened from bigint to numeric`. */
export function changeText({
  column,
  change,
  fromType,
  toType,
}: Pick<SchemaChange, 'column' | 'change' | 'fromType' | 'toType'>): string {
  const what = change.replaceAll(/[-_]/g, ' ');
  const types =
    fromType !== null && toType !== null ? ` from ${fromType} to ${toType}` : toType !== null ? `, ${toType}` : '';
  return `${column === null ? '' : `${column}: `}${what}${types}`;
}
