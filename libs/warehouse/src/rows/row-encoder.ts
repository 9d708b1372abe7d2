import { VersionCheck } from '../versions/version-check.ts';
import { writeInt32 } from './binary-value.ts';
import { CHUNK_BYTES } from './chunk-pool.ts';
import type { Encoded } from './encoded.ts';
import { exactRow } from './exact-row.ts';
import { writeFast } from './fast-value.ts';
import { FIELD_OVERHEAD_BYTES, HUGE_LINE_BYTES, hugeRow } from './huge-row.ts';
import type { Lines } from './lines.ts';
import { RecordScanner } from './record-scanner.ts';
import { inlineBytes, ROW_BYTES_MAX, SAFE_COLUMNS } from './row-budget.ts';
import { DELETED_AT_SLOT, type RowShape, TIME_EXTRACTED_SLOT, VERSION_SLOT } from './row-shape.ts';
import { ABSENT, NULL } from './value-scanner.ts';

export const COPY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
export const COPY_TRAILER = Buffer.from([0xff, 0xff]);

const NULL_LENGTH = -1;

export interface Range {
  from: number;
  to: number;
  /** Read every line on the exact path, which finds out by itself what PostgreSQL would only complain about. */
  exact: boolean;
}

/** Turns RECORD lines into rows of a binary COPY. Lines in the common form go from bytes to bytes; the others are read on the exact path. */
export class RowEncoder {
  readonly #shape: RowShape;
  readonly #scanner: RecordScanner;
  readonly #versions: VersionCheck;
  readonly #overhead: number;
  readonly #allocate: (bytes: number) => Buffer;

  constructor(shape: RowShape, allocate: (bytes: number) => Buffer = Buffer.allocUnsafeSlow) {
    this.#shape = shape;
    this.#allocate = allocate;
    this.#versions = new VersionCheck(shape.activeVersion);
    this.#overhead = shape.constants.bytes.length + FIELD_OVERHEAD_BYTES * (shape.fields.length + 2);
    this.#scanner = new RecordScanner(
      shape.stream,
      shape.fields.map((field) => field.property),
      { timeExtracted: TIME_EXTRACTED_SLOT, version: VERSION_SLOT },
    );
  }

  /** The rows of these lines, in pieces for the COPY stream.
   *  @throws what {@link exactRow} throws. */
  *rows(lines: Lines, range: Range, encoded: Encoded): Generator<Buffer> {
    const input = lines.end(range.to - 1) - lines.start(range.from);
    const chunk = new Chunk(Math.min(CHUNK_BYTES, input + this.#overhead), this.#allocate);
    for (let position = range.from; position < range.to; position++) {
      const start = lines.start(position);
      const end = lines.end(position);
      if (!range.exact && this.#scanner.scan(lines.bytes, start, end)) {
        const pieces = end - start > HUGE_LINE_BYTES ? this.#hugeRow(lines.bytes, position) : undefined;
        if (pieces !== undefined) {
          if (chunk.at > 0) yield chunk.taken();
          this.#noteMentioned(encoded);
          encoded.rows++;
          yield* pieces;
          continue;
        }
        const full = chunk.reserve(end - start + this.#overhead);
        if (full !== undefined) yield full;
        const next = this.#isPlain(lines.bytes) ? this.#writeFastRow(lines.bytes, position, chunk.bytes, chunk.at) : -1;
        if (next >= 0) {
          this.#noteMentioned(encoded);
          chunk.at = next;
          encoded.rows++;
          continue;
        }
      }
      const cells = exactRow(lines.bytes.subarray(start, end), position, this.#shape, encoded);
      if (cells === undefined) continue;
      const full = chunk.reserve(cells.reduce((bytes, cell) => bytes + (cell?.length ?? 0), this.#overhead));
      if (full !== undefined) yield full;
      chunk.at = this.#writeCells(cells, position, chunk.bytes, chunk.at);
      if (range.exact) encoded.positions.push(position);
      encoded.rows++;
    }
    if (chunk.at > 0) yield chunk.bytes.subarray(0, chunk.at);
  }

  #hugeRow(source: Buffer, position: number): Buffer[] | undefined {
    const pieces = this.#isPlain(source) ? hugeRow(this.#scanner, this.#shape.fields, source) : undefined;
    if (pieces === undefined) return undefined;
    const head = Buffer.alloc(this.#overhead);
    return [head.subarray(0, this.#writeHead(position, head, 0)), ...pieces];
  }

  /** Whether the row that was scanned needs no look at its version and at the limits of its columns. */
  #isPlain(source: Uint8Array): boolean {
    const { kinds, starts, ends } = this.#scanner;
    for (const slot of this.#shape.limitedSlots) if ((kinds[slot] ?? ABSENT) > NULL) return false;
    if (this.#shape.activeVersion === undefined || (kinds[VERSION_SLOT] ?? ABSENT) <= NULL) return true;
    return this.#versions.isCurrent(source, starts[VERSION_SLOT] ?? 0, ends[VERSION_SLOT] ?? 0);
  }

  #noteMentioned({ mentioned }: Encoded): void {
    for (const slot of this.#shape.undeclaredSlots) if (this.#scanner.kinds[slot] !== ABSENT) mentioned.add(slot);
  }

  /** Position after the row, -1 when a value needs the exact path. */
  #writeFastRow(source: Uint8Array, position: number, out: Buffer, start: number): number {
    const { fields } = this.#shape;
    const { kinds, starts, ends } = this.#scanner;
    // A tombstone changes how the whole batch is written: the exact path counts it.
    if ((kinds[DELETED_AT_SLOT] ?? ABSENT) > NULL) return -1;
    const mayOverflow = fields.length > SAFE_COLUMNS;
    let inline = 0;
    let at = this.#writeHead(position, out, start);
    for (let slot = 0; slot < fields.length; slot++) {
      const kind = kinds[slot] ?? ABSENT;
      const field = fields[slot];
      if (field === undefined) return -1;
      if (kind <= NULL) {
        if (field.isRequired) return -1;
        at = writeInt32(out, at, NULL_LENGTH);
        continue;
      }
      const end = writeFast(field.type, kind, source, starts[slot] ?? 0, ends[slot] ?? 0, out, at + 4);
      if (end < 0) return -1;
      writeInt32(out, at, end - at - 4);
      if (mayOverflow) inline += inlineBytes(field.type, end - at - 4);
      at = end;
    }
    return inline > ROW_BYTES_MAX ? -1 : at;
  }

  #writeCells(cells: (Buffer | null)[], position: number, out: Buffer, start: number): number {
    let at = this.#writeHead(position, out, start);
    for (const cell of cells) {
      at = writeInt32(out, at, cell?.length ?? NULL_LENGTH);
      if (cell !== null) at += cell.copy(out, at);
    }
    return at;
  }

  #writeHead(position: number, out: Buffer, start: number): number {
    const { fields, constants, hasPosition } = this.#shape;
    let at = out.writeInt16BE((hasPosition ? 1 : 0) + constants.columns.length + fields.length, start);
    if (hasPosition) at = writeInt32(out, writeInt32(out, at, 4), position);
    return at + constants.bytes.copy(out, at);
  }
}

/** The piece of the COPY that is being written. */
class Chunk {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  readonly #usualBytes: number;
  readonly #allocate: (bytes: number) => Buffer;

  constructor(usualBytes: number, allocate: (bytes: number) => Buffer) {
    this.#usualBytes = usualBytes;
    this.#allocate = allocate;
  }

  /** Makes room for so many bytes; what was written before, if it had to go. */
  reserve(room: number): Buffer | undefined {
    if (this.at + room <= this.bytes.length) return undefined;
    const full = this.at > 0 ? this.bytes.subarray(0, this.at) : undefined;
    this.bytes = this.#allocate(Math.max(this.#usualBytes, room));
    this.at = 0;
    return full;
  }

  /** What was written; it begins anew. */
  taken(): Buffer {
    const taken = this.bytes.subarray(0, this.at);
    this.bytes = Buffer.alloc(0);
    this.at = 0;
    return taken;
  }
}
