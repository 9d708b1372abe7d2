import type { JsonObject } from '@pipeline/singer';
import type { Extract, Stream } from '@pipeline/tap-kit';
import { canonical } from '../../../libs/testing/src/canonical.ts';
import type { TruthStream } from '../../sandbox/src/source-api.ts';
import type { XeroSettings } from '../src/settings.ts';

/** What the loader makes of a tap's extracts, reduced to its rules: newest record wins, deletes at the end of the read. */
export class ModelWarehouse {
  readonly #keys = new Map<string, string[]>();
  readonly #tables = new Map<string, Map<string, JsonObject>>();

  constructor(streams: Stream<XeroSettings>[]) {
    for (const shape of streams.flatMap((stream) => [stream, ...(stream.children ?? [])])) {
      this.#keys.set(shape.name, shape.keyProperties);
      this.#tables.set(shape.name, new Map());
    }
  }

  /** Loads one read and gives its bookmark. */
  async load(read: AsyncIterable<Extract>): Promise<JsonObject | undefined> {
    const brought = new Map<string, Map<string, JsonObject>>();
    const deletes: Extract[] = [];
    let bookmark: JsonObject | undefined;
    for await (const item of read) {
      if (item.type === 'checkpoint') bookmark = item.bookmark;
      else if (item.type === 'deletes') deletes.push(item);
      else if (item.type === 'records') this.#upsert(item.stream, item.records, brought);
    }
    for (const item of deletes) this.#delete(item, brought);
    return bookmark;
  }

  /** Keys of the rows that are not as they should be: missing, too many, or with another value. */
  differences(truth: TruthStream): string[] {
    const rest = new Map(this.#table(truth.stream));
    const found: string[] = [];
    for (const row of truth.rows) {
      const key = this.#keyOf(truth.stream, row as JsonObject);
      const actual = rest.get(key);
      rest.delete(key);
      const isSame = (name: string) => canonical(row[name] as never) === canonical(actual?.[name]);
      const wrong = Object.keys(row).filter((name) => !isSame(name));
      if (actual === undefined || wrong.length > 0) found.push(`${key} ${wrong.join()}`);
    }
    return [...found, ...rest.keys()];
  }

  /** Columns that the records have and the truth does not. */
  columnsBeyond(truth: TruthStream): string[] {
    const known = new Set([...truth.rows].flatMap((row) => Object.keys(row)));
    const own = new Set([...this.#table(truth.stream).values()].flatMap((row) => Object.keys(row)));
    return [...own].filter((name) => !known.has(name));
  }

  #upsert(stream: string, records: JsonObject[], brought: Map<string, Map<string, JsonObject>>): void {
    const fresh = brought.get(stream) ?? new Map<string, JsonObject>();
    brought.set(stream, fresh);
    for (const record of records) {
      const key = this.#keyOf(stream, record);
      this.#table(stream).set(key, record);
      fresh.set(key, record);
    }
  }

  #delete(item: Extract, brought: Map<string, Map<string, JsonObject>>): void {
    if (item.type !== 'deletes' || item.rule.kind === 'none') return;
    const { stream, rule } = item;
    const isParentBrought = (row: JsonObject): boolean => {
      if (rule.kind === 'absent') return true;
      const [child = '', parent = ''] = Object.entries(rule.columns)[0] ?? [];
      parents ??= new Set([...(brought.get(rule.parent)?.values() ?? [])].map((record) => record[parent]));
      return parents.has(row[child]);
    };
    let parents: Set<unknown> | undefined;
    for (const [key, row] of this.#table(stream)) {
      if (!brought.get(stream)?.has(key) && isParentBrought(row)) this.#table(stream).delete(key);
    }
  }

  #table(stream: string): Map<string, JsonObject> {
    const table = this.#tables.get(stream);
    if (table === undefined) throw new RangeError(`no stream ${stream}`);
    return table;
  }

  #keyOf(stream: string, record: JsonObject): string {
    return (this.#keys.get(stream) ?? []).map((name) => String(record[name])).join('/');
  }
}
