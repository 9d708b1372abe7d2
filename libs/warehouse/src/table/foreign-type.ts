import { type Limit, limitOf } from './column-limit.ts';
import type { ColumnType } from './column-type.ts';

/** A column whose type somebody else chose. */
export interface ForeignType {
  /** As the catalog spells it. */
  sqlType: string;
  /** What values are staged as. */
  encoded: ColumnType;
  /** The staged value as one of the column, for the name of the staged column. */
  cast: (column: string) => string;
  limit: Limit | undefined;
}

/** How values go into such a column.
 *  @param baseType the type below a domain, else the same.
 *  @param wanted what the schema says. */
export function foreignType(sqlType: string, baseType: string, wanted: ColumnType | undefined): ForeignType {
  const encoded = encodedAs(baseType, wanted);
  return { sqlType, encoded, cast: castTo(sqlType, baseType, encoded), limit: limitOf(baseType) };
}

/** PostgreSQL's own reading of a time depends on the session's zone and drops that of the text: ours does not. */
function encodedAs(baseType: string, wanted: ColumnType | undefined): ColumnType {
  const isTime = wanted === 'date' || wanted === 'text' || wanted === 'timestamptz' || wanted === undefined;
  return /^timestamp\b/.test(baseType) && isTime ? 'timestamptz' : (wanted ?? 'text');
}

function castTo(sqlType: string, baseType: string, encoded: ColumnType): ForeignType['cast'] {
  if (encoded === 'timestamptz' && /^timestamp\b.*without time zone$/.test(baseType))
    return (column) => `(${column} at time zone 'UTC')::${sqlType}`;
  if (encoded === 'jsonb' && baseType.endsWith('[]')) {
    return (column) =>
      `(case when ${column} is not null and ${column} <> 'null' then array(select jsonb_array_elements_text(${column})) end)::${sqlType}`;
  }
  return (column) => `${column}::${sqlType}`;
}
