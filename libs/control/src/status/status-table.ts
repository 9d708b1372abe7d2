import { quoteLiteral } from '@pipeline/postgres';

interface Entry<S extends string> {
  /** Who writes it, for the table in `ARCHITECTURE.md`. */
  setBy: string;
  when: string;
  /** What may follow; nothing after an end. */
  next: readonly S[];
}

/** The status of no status: a row whose column is null. */
const NONE = 'none';
type None = typeof NONE;

/** The statuses of one column and what may follow what: the code's types, the statements' conditions and the documentation. */
export interface StatusTable<S extends string = string> {
  /** `pipeline.tasks` */
  readonly table: string;
  readonly column: string;
  readonly entries: Readonly<Record<S, Entry<S>>>;
  /** What may follow a null, where the column is null to begin with. */
  readonly first: readonly S[] | undefined;
  readonly all: readonly S[];
  /** Those after which something comes. */
  readonly live: readonly S[];
  /** A condition: the column has one of these. */
  is(statuses: readonly S[], alias?: string): string;
  /** Declares a change that statements make.
   *  @throws RangeError when it is none of the table. */
  change<T extends S>(from: readonly (S | None)[], to: readonly T[]): Change<T>;
}

export interface Change<T extends string> {
  /** The assignment, where there is one target. */
  set: string;
  /** A condition: the row has one of the statuses from which the change may come. */
  from: string;
  to: readonly T[];
}

/** @throws RangeError when something follows that is no status. */
export function statusTable<const S extends string>(definition: {
  table: string;
  column: string;
  entries: Record<S, Entry<NoInfer<S>>>;
  first?: readonly NoInfer<S>[];
}): StatusTable<S> {
  const { table, column, entries, first } = definition;
  const all = Object.keys(entries).filter((name): name is S => name in entries);
  const is = (statuses: readonly string[], alias = '') =>
    `${alias}${column} in (${statuses.map(quoteLiteral).join(', ')})`;
  const nextOf = (status: S | None): readonly S[] => (status === NONE ? (first ?? []) : entries[status].next);
  return {
    table,
    column,
    entries,
    first,
    all,
    live: all.filter((status) => entries[status].next.length > 0),
    is,
    change: (from, to) => {
      for (const status of from) {
        const illegal = to.find((target) => !nextOf(status).includes(target));
        if (illegal !== undefined) throw new RangeError(`${table}.${column} never goes from ${status} to ${illegal}`);
      }
      const isNone = from.length === 1 && from[0] === NONE;
      return { set: `${column} = ${quoteLiteral(to[0] ?? '')}`, from: isNone ? `${column} is null` : is(from), to };
    },
  };
}

/** A status of the table. */
export type StatusOf<T> = T extends StatusTable<infer S> ? S : never;
