import { scramble, unscramble } from './scramble.ts';

/** Version-4 looking ids for the rows 0, 1, 2 ... of one kind. They look random, and yet the row is found from the id
 *  without an index, because the first group is a one-to-one scrambling of the row's number. */
export class Guids {
  readonly #salt: number;

  constructor(salt: number) {
    this.#salt = salt >>> 0;
  }

  /** The id of a row, or of its part number `part` (a line of an invoice). */
  of(row: number, part = 0): string {
    const a = this.sortKey(row);
    const b = scramble(a + part);
    const c = scramble(b ^ this.#salt);
    const d = scramble(c + a);
    const variant = '89ab'.charAt(c >>> 30);
    return `${hex(a)}-${hex(b).slice(0, 4)}-4${hex(b).slice(5)}-${variant}${hex(c).slice(1, 4)}-${hex(c).slice(4)}${hex(d)}`;
  }

  /** Rows sorted by this number are sorted by their id. */
  sortKey(row: number): number {
    return scramble(row ^ this.#salt);
  }

  /** The row that an id would belong to. Undefined: not one of these ids. */
  rowOf(id: string): number | undefined {
    const row = (unscramble(Number.parseInt(id.slice(0, 8), 16)) ^ this.#salt) >>> 0;
    return this.of(row) === id.toLowerCase() ? row : undefined;
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
