import type { DeleteRule } from '@pipeline/protocol';
import type { JsonObject } from '@pipeline/singer';
import { canonical } from '../../testing/src/canonical.ts';
import type { Stream, StreamShape } from '../src/declaration.ts';
import type { StreamRead } from './read-stream.ts';

interface Row {
  record: JsonObject;
  /** The read that brought it last. */
  read: number;
  isDeleted: boolean;
  /** A later checkpoint covers it: a read that dies does not bring it again. */
  isCovered: boolean;
}

interface Table {
  shape: StreamShape;
  rows: Map<string, Row>;
}

/** What the loader makes of reads, reduced to its rules: the newest record of a key wins, `_sdc_deleted_at` makes a tombstone, rows that a
 *  complete read proves to be gone become tombstones, and what a dead read left in a table without a key is taken back. */
export class ModelWarehouse {
  readonly #tables = new Map<string, Table>();
  #reads = 0;

  constructor(streams: readonly Pick<Stream<never>, 'name' | 'keyProperties' | 'schema' | 'children'>[]) {
    for (const stream of streams) this.#add(stream);
  }

  /** Loads one read. */
  load(read: StreamRead): void {
    this.#reads += 1;
    this.#add(read.stream);
    const tables = [read.stream, ...(read.stream.children ?? [])].map(({ name }) => this.#table(name));
    for (const table of tables) takeBackUncovered(table);
    for (const step of read.steps) {
      if ('records' in step) for (const record of step.records) this.#put(this.#table(step.stream), record);
      else for (const { rows } of tables) for (const row of rows.values()) row.isCovered = true;
    }
    if (!read.isComplete) return;
    for (const { rows } of tables) for (const row of rows.values()) row.isCovered = true;
    const rejected = new Set(read.rejected.map(({ stream }) => stream));
    for (const [stream, rule] of read.deletes) if (!rejected.has(stream)) this.#delete(this.#table(stream), rule);
  }

  /** Rows that are not deleted, by key. */
  live(stream: string): Map<string, JsonObject> {
    const rows = [...this.#table(stream).rows].filter(([, { isDeleted }]) => !isDeleted);
    return new Map(rows.map(([key, { record }]) => [key, record]));
  }

  /** What of the truth is missing here, different, or left over, each with its key. Compared in the truth's columns, by meaning: an instant in any
   *  zone, a number with any zeros. */
  differences(truth: { stream: string; rows: Iterable<Record<string, unknown>> }): string[] {
    const { shape } = this.#table(truth.stream);
    const live = this.live(truth.stream);
    const found: string[] = [];
    for (const row of truth.rows) {
      const key = keyOf(shape, row);
      const mine = live.get(key);
      live.delete(key);
      if (mine === undefined) found.push(`${truth.stream} ${key} is missing`);
      else found.push(...differentColumns(row, mine).map((text) => `${truth.stream} ${key} ${text}`));
    }
    return [...found, ...[...live.keys()].map((key) => `${truth.stream} ${key} is left over`)];
  }

  /** Columns that records have and the truth does not. */
  columnsBeyond(truth: { stream: string; rows: Iterable<Record<string, unknown>> }): string[] {
    const known = new Set([...truth.rows].flatMap((row) => Object.keys(row)));
    const own = new Set([...this.live(truth.stream).values()].flatMap((row) => Object.keys(row)));
    return [...own].filter((name) => !known.has(name));
  }

  #add(stream: Pick<Stream<never>, 'name' | 'keyProperties' | 'schema' | 'children'>): void {
    for (const shape of [stream, ...(stream.children ?? [])]) {
      const table = this.#tables.get(shape.name);
      if (table === undefined) this.#tables.set(shape.name, { shape, rows: new Map() });
    }
  }

  #put({ shape, rows }: Table, record: JsonObject): void {
    const key = shape.keyProperties.length === 0 ? `${this.#reads}/${rows.size}` : keyOf(shape, record);
    const isDeleted = (record['_sdc_deleted_at'] ?? null) !== null;
    rows.set(key, { record, read: this.#reads, isDeleted, isCovered: false });
  }

  #delete(table: Table, rule: DeleteRule): void {
    if (rule.kind === 'none') return;
    const isGone = rule.kind === 'absent' ? () => true : this.#childOfBrought(rule);
    for (const row of table.rows.values()) if (row.read !== this.#reads && isGone(row.record)) row.isDeleted = true;
  }

  /** Whether a record's parent was brought by this read. */
  #childOfBrought(rule: DeleteRule & { kind: 'absent-per-parent' }): (record: JsonObject) => boolean {
    const columns = Object.entries(rule.columns);
    const brought = [...this.#table(rule.parent).rows.values()].filter(({ read }) => read === this.#reads);
    const parents = new Set(
      brought.map(({ record }) => canonical(columns.map(([, parent]) => record[parent] ?? null))),
    );
    return (record) => parents.has(canonical(columns.map(([child]) => record[child] ?? null)));
  }

  #table(stream: string): Table {
    const table = this.#tables.get(stream);
    if (table === undefined) throw new RangeError(`the warehouse has no stream ${stream}`);
    return table;
  }
}

/** Tables with a key need none of it: there the next read's record wins. */
function takeBackUncovered({ shape, rows }: Table): void {
  if (shape.keyProperties.length > 0) return;
  for (const [key, row] of rows) if (!row.isCovered) rows.delete(key);
}

function keyOf({ keyProperties }: StreamShape, row: Record<string, unknown>): string {
  return keyProperties.map((name) => String(row[name])).join('/');
}

function differentColumns(truth: Record<string, unknown>, mine: JsonObject): string[] {
  return Object.entries(truth).flatMap(([name, value]) => {
    // The sandbox's rows are JSON.
    const [expected, actual] = [canonical(value as never), canonical(mine[name])];
    return expected === actual ? [] : [`has ${name} ${actual}, not ${expected}`];
  });
}
