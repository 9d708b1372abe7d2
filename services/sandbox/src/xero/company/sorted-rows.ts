/** Row numbers kept in the order of a key. Ties are ordered by row number. */
export class SortedRows {
  readonly #rows: number[];
  readonly #key: (row: number) => number;

  constructor(count: number, key: (row: number) => number) {
    this.#key = key;
    this.#rows = Array.from({ length: count }, (_, row) => row).sort((a, b) => key(a) - key(b) || a - b);
  }

  get rows(): readonly number[] {
    return this.#rows;
  }

  insert(row: number): void {
    this.#rows.splice(this.#position(row), 0, row);
  }

  /** Must be called while the row's key is still the one it was inserted with. */
  remove(row: number): void {
    const position = this.#position(row);
    if (this.#rows[position] === row) this.#rows.splice(position, 1);
  }

  #position(row: number): number {
    const key = this.#key(row);
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#rows[middle] ?? 0;
      const order = this.#key(other) - key || other - row;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
