import type { ColumnType } from './column-type.ts';

/** What records turned out to need of their table. */
export class Needs {
  /** Columns that are missing or too narrow, by property. */
  readonly types = new Map<string, ColumnType>();
  /** The column for what has no room elsewhere. */
  extraColumn = false;

  get isEmpty(): boolean {
    return this.types.size === 0 && !this.extraColumn;
  }

  add(other: Needs): void {
    for (const [property, type] of other.types) this.types.set(property, type);
    this.extraColumn ||= other.extraColumn;
  }
}
