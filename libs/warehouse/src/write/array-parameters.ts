import type { ColumnType } from '../table/column-type.ts';

/** Object identifiers of the elements, which the binary form of an array carries (`pg_type.dat`). */
const ELEMENT_OIDS: Record<ColumnType | 'integer', number> = {
  boolean: 16,
  bigint: 20,
  integer: 23,
  text: 25,
  date: 1082,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
};

const HEADER_BYTES = 20;
const FIRST_BYTES = 256;
const NULL_LENGTH = -1;

/** Rows of a binary COPY as one array for each column, to send them as parameters of a statement: both forms hold the same bytes for a value.
 *  Format: `array_recv` of the server. */
export class ArrayParameters {
  readonly #arrays: BinaryArray[];

  constructor(types: readonly (ColumnType | 'integer')[]) {
    this.#arrays = types.map((type) => new BinaryArray(ELEMENT_OIDS[type]));
  }

  /** @param rows whole rows, without the header of the COPY. */
  add(rows: Buffer): void {
    for (let at = 0; at < rows.length; ) {
      // The number of fields is always that of the columns.
      at += 2;
      for (const array of this.#arrays) {
        const end = at + 4 + Math.max(rows.readInt32BE(at), 0);
        array.push(rows, at, end);
        at = end;
      }
    }
  }

  values(): Buffer[] {
    return this.#arrays.map((array) => array.bytes());
  }
}

class BinaryArray {
  readonly #oid: number;
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #end = HEADER_BYTES;
  #length = 0;
  #hasNull = false;

  constructor(oid: number) {
    this.#oid = oid;
  }

  /** Takes the field `source[start, end)`: its length, then its bytes. */
  push(source: Buffer, start: number, end: number): void {
    const room = this.#end + end - start;
    if (room > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(room * 2);
      this.#buffer.copy(larger, 0, 0, this.#end);
      this.#buffer = larger;
    }
    if (source.readInt32BE(start) === NULL_LENGTH) this.#hasNull = true;
    source.copy(this.#buffer, this.#end, start, end);
    this.#end = room;
    this.#length++;
  }

  bytes(): Buffer {
    const header = [1, this.#hasNull ? 1 : 0, this.#oid, this.#length, 1];
    for (const [index, value] of header.entries()) this.#buffer.writeInt32BE(value, index * 4);
    return this.#buffer.subarray(0, this.#end);
  }
}
