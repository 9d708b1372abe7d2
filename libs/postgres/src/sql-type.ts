/** The type of a parameter or a column: what PostgreSQL calls it, and what JavaScript takes and gets. `libs/control/test/statements` compares the
 *  first with the schema; the second is how the driver reads it. */
export interface SqlType<In = unknown, Out = In> {
  /** As `regtype` prints it. */
  readonly sql: string;
  readonly isNullable: boolean;
  /** The only values there are. */
  readonly literals?: readonly string[];
  /** True where the statement, and not the column, keeps nulls out. */
  readonly isNeverNull?: boolean;
  encode(value: In): unknown;
  /** Carries the type alone. */
  readonly out?: Out;
}

/** What a caller passes. */
export type Input<T> = T extends SqlType<infer In, infer _> ? In : never;
/** What a row holds. */
export type Output<T> = T extends SqlType<infer _, infer Out> ? Out : never;

function sqlType<In, Out = In>(sql: string): SqlType<In, Out> {
  return { sql, isNullable: false, encode: (value) => value };
}

// Named as PostgreSQL names them; a name in the plural is the array.
export const text = sqlType<string>('text');
export const uuid = sqlType<string>('uuid');
export const bool = sqlType<boolean>('boolean');
export const int4 = sqlType<number>('integer');
/** 64 bits: text when it is read, because a JavaScript number is exact to 2^53 only. */
export const int8 = sqlType<number | string, string>('bigint');
/** Sums of integers; text when it is read. */
export const numeric = sqlType<number | string, string>('numeric');
export const float8 = sqlType<number>('double precision');
export const timestamptz = sqlType<Date | string, Date>('timestamp with time zone');
export const bytea = sqlType<Buffer>('bytea');
export const bools = sqlType<boolean[]>('boolean[]');
export const timestamptzs = sqlType<(Date | string)[], Date[]>('timestamp with time zone[]');
export const texts = sqlType<string[]>('text[]');
export const uuids = sqlType<string[]>('uuid[]');
export const int8s = sqlType<(number | string)[], string[]>('bigint[]');
export const int4s = sqlType<(number | null)[]>('integer[]');
export const float8s = sqlType<number[]>('double precision[]');
/** Texts of which some are null. */
export const nullableTexts = sqlType<(string | null)[]>('text[]');

/** A JSON value: an object is written as JSON, a text is taken to be JSON already, exact in every number. */
export function jsonb<T = unknown>(): SqlType<object | string, T> {
  return {
    sql: 'jsonb',
    isNullable: false,
    encode: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  };
}

/** As {@link jsonb}, for what PostgreSQL makes with `json_object_agg` and its like. */
export function json<T>(): SqlType<object | string, T> {
  return { ...jsonb<T>(), sql: 'json' };
}

/** A text of which only these values occur. */
export function oneOf<const T extends readonly string[]>(literals: T): SqlType<T[number]> {
  return { ...sqlType<T[number]>('text'), literals };
}

/** Null is allowed, or may come. */
export function nullable<In, Out>(type: SqlType<In, Out>): SqlType<In | null, Out | null> {
  return {
    ...(type.literals === undefined ? {} : { literals: type.literals }),
    sql: type.sql,
    isNullable: true,
    encode: (value) => (value === null ? null : type.encode(value)),
  };
}

/** The column may hold null, the rows of this statement do not. */
export function neverNull<In, Out>(type: SqlType<In, Out>): SqlType<In, Out> {
  return { ...type, isNeverNull: true };
}
