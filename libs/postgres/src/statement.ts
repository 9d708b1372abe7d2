import type { Queryable } from './pool.ts';
import { repeated } from './session.ts';
import type { Input, Output, SqlType } from './sql-type.ts';

type Types = Record<string, SqlType>;
type Values<P> = { [K in keyof P]: Input<P[K]> };
type Row<R> = { [K in keyof R]: Output<R[K]> };
/** A statement without parameters is called without values. */
type Arguments<P> = keyof P extends never ? [] : [values: Values<P>];

/** A named statement with typed parameters and rows. */
export interface Statement<P extends Types = Types, R extends Types = Types> {
  /** `task.lock_queued`: what the simulation and `pg_stat_activity` know it by. */
  readonly name: string;
  /** With the name in a comment before it. */
  readonly text: string;
  readonly parameters: P;
  readonly row: R;
  /** All rows. */
  all(db: Queryable, ...args: Arguments<P>): Promise<Row<R>[]>;
  /** The row of a statement that always returns one. @throws Error when there is none, which is a mistake in the statement. */
  one(db: Queryable, ...args: Arguments<P>): Promise<Row<R>>;
  /** The first row. */
  first(db: Queryable, ...args: Arguments<P>): Promise<Row<R> | undefined>;
  /** The number of rows returned or changed. */
  run(db: Queryable, ...args: Arguments<P>): Promise<number>;
}

/** What a statement's rows look like. */
export type RowOf<S> = S extends Statement<infer _, infer R> ? Row<R> : never;

interface Definition<P, R> {
  name: string;
  text: string;
  /** In the order of `$1`, `$2` ... */
  parameters?: P;
  /** In the order of the columns. */
  row?: R;
  /** It is worth that each session keeps its plan. @default false */
  isRepeated?: boolean;
}

/** Declares a statement. That names, order and types are those of the schema is proven by `libs/control/test/statements`, so rows are trusted here.
 *  @throws RangeError when the text does not use exactly the parameters that are declared. */
export function statement<P extends Types = Record<never, never>, R extends Types = Record<never, never>>(
  definition: Definition<P, R>,
): Statement<P, R> {
  const parameters = definition.parameters ?? ({} as P);
  const row = definition.row ?? ({} as R);
  const entries = Object.entries<SqlType>(parameters);
  checkParameters(definition, entries.length);
  const text = `/* ${definition.name} */ ${definition.text}`;
  const query = async (db: Queryable, args: Arguments<P>) => {
    const [values] = args as [Record<string, unknown>?];
    const encoded = entries.map(([name, type]) => type.encode(values?.[name]));
    if (definition.isRepeated !== true) return db.query<Row<R>>(text, encoded);
    return db.query<Row<R>>(repeated(db, { name: definition.name, text, values: encoded }));
  };
  return {
    name: definition.name,
    text,
    parameters,
    row,
    all: async (db, ...args) => (await query(db, args)).rows,
    one: async (db, ...args) => {
      const [found] = (await query(db, args)).rows;
      if (found === undefined) throw new Error(`${definition.name} returned no row`);
      return found;
    },
    first: async (db, ...args) => (await query(db, args)).rows[0],
    run: async (db, ...args) => (await query(db, args)).rowCount ?? 0,
  };
}

function checkParameters({ name, text }: { name: string; text: string }, declared: number): void {
  const used = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  if (used !== declared) throw new RangeError(`${name} uses ${used} parameters and declares ${declared}`);
}
