import type { DeleteRule } from '@pipeline/contracts';
import type { JsonObject } from '@pipeline/singer';
import type { Extract, StreamShape } from '@pipeline/tap-kit';
import { canonicalRow } from './canonical-row.ts';

interface Row {
  record: JsonObject;
  attempt: number;
}

/** What a target makes of a tap's extracts: the newest record of each key, without those that are deleted. */
export class Copy {
  readonly #keys = new Map<string, string[]>();
  readonly #tables = new Map<string, Map<string, Row>>();
  #attempt = 0;

  constructor(shapes: StreamShape[]) {
    for (const { name, keyProperties } of shapes) {
      this.#keys.set(name, keyProperties);
      this.#tables.set(name, new Map());
    }
  }

  /** Loads one attempt. Gives its last bookmark, and whether it came to its end: `stopAfter` cuts it short after so many extracts. */
  async load(
    extracts: AsyncIterable<Extract>,
    stopAfter = Number.POSITIVE_INFINITY,
  ): Promise<{ bookmark: JsonObject | undefined; isComplete: boolean }> {
    this.#attempt += 1;
    const rules = new Map<string, DeleteRule>();
    let bookmark: JsonObject | undefined;
    let count = 0;
    for await (const extract of extracts) {
      if (extract.type === 'records') for (const record of extract.records) this.#put(extract.stream, record);
      if (extract.type === 'deletes') rules.set(extract.stream, extract.rule);
      if (extract.type === 'checkpoint') bookmark = extract.bookmark;
      count += 1;
      if (count >= stopAfter) return { bookmark, isComplete: false };
    }
    for (const [stream, rule] of rules) this.#delete(stream, rule);
    return { bookmark, isComplete: true };
  }

  live(stream: string): Map<string, JsonObject> {
    const rows = [...this.#table(stream)].filter(([, { record }]) => (record['_sdc_deleted_at'] ?? null) === null);
    return new Map(rows.map(([key, { record }]) => [key, record]));
  }

  /** The rows of the truth that are not here, are different here, or are here only. */
  differences(truth: { stream: string; rows: Iterable<Record<string, unknown>> }): string[] {
    const live = this.live(truth.stream);
    const found: string[] = [];
    for (const row of truth.rows) {
      const key = this.#keyOf(truth.stream, row);
      const mine = live.get(key);
      live.delete(key);
      if (mine === undefined) found.push(`${key} is missing`);
      else if (canonicalRow(row, row) !== canonicalRow(mine, row)) {
        found.push(`${key} is ${canonicalRow(mine, row)}, not ${canonicalRow(row, row)}`);
      }
    }
    return [...found, ...[...live.keys()].map((key) => `${key} is left over`)];
  }

  #put(stream: string, record: JsonObject): void {
    this.#table(stream).set(this.#keyOf(stream, record), { record, attempt: this.#attempt });
  }

  #delete(stream: string, rule: DeleteRule): void {
    if (rule.kind === 'none') return;
    const parents = rule.kind === 'absent-per-parent' ? this.#table(rule.parent) : undefined;
    for (const row of this.#table(stream).values()) {
      if (row.attempt === this.#attempt) continue;
      const parent = rule.kind === 'absent-per-parent' ? Object.keys(rule.columns).map((name) => row.record[name]) : [];
      if (parents && parents.get(JSON.stringify(parent))?.attempt !== this.#attempt) continue;
      row.record = { ...row.record, _sdc_deleted_at: 'now' };
    }
  }

  #table(stream: string): Map<string, Row> {
    const table = this.#tables.get(stream);
    if (table === undefined) throw new RangeError(`no stream ${stream}`);
    return table;
  }

  #keyOf(stream: string, row: Record<string, unknown>): string {
    return JSON.stringify((this.#keys.get(stream) ?? []).map((name) => row[name]));
  }
}
