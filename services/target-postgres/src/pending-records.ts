/** Small, for there may be thousands of streams; it doubles until a batch is full. */
const FIRST_CAPACITY = 512;

/** A batch has 8 MiB by default; what a single huge record needed is given back. A line that is longer is not copied. */
const KEPT_BYTES_MAX = 32 * 1024 * 1024;

const NEWLINE = 10;

/** Buffers that batches were written from, to be filled again: memory outside the heap is slow to allocate and to free. */
export class LineBuffers {
  readonly #spare: Buffer[] = [];
  readonly #keptMax: number;

  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  }

  /** @param lines what {@link PendingRecords.take} returned, when nobody reads it any more. */
  give(lines: Buffer): void {
    const isKept = this.#spare.length < this.#keptMax && lines.buffer.byteLength <= KEPT_BYTES_MAX;
    if (isKept) this.#spare.push(Buffer.from(lines.buffer));
  }
}

/** RECORD lines of one stream that wait to become a batch. */
export class PendingRecords {
  readonly #buffers: LineBuffers;
  #buffer: Buffer | undefined;
  #length = 0;
  #lineNumbers: number[] = [];
  #since = 0;

  constructor(buffers: LineBuffers) {
    this.#buffers = buffers;
  }

  get rows(): number {
    return this.#lineNumbers.length;
  }

  get bytes(): number {
    return this.#length;
  }

  /** When the oldest line came, by the caller's clock. */
  get since(): number {
    return this.#since;
  }

  /** @param source nobody writes into it any more: a huge line is taken as it is. */
  add(source: Buffer, start: number, end: number, lineNumber: number, now: number): void {
    if (this.rows === 0) this.#since = now;
    const length = end - start + 1;
    if (length > KEPT_BYTES_MAX && this.#length === 0 && source[end] === NEWLINE) {
      this.#buffer = source.subarray(start, end + 1);
    } else {
      const buffer = this.#withRoom(length);
      source.copy(buffer, this.#length, start, end);
      buffer[this.#length + length - 1] = NEWLINE;
    }
    this.#length += length;
    this.#lineNumbers.push(lineNumber);
  }

  /** Empties it. */
  take(): { lines: Buffer; lineNumbers: number[] } {
    const taken = {
      lines: (this.#buffer ?? this.#buffers.take()).subarray(0, this.#length),
      lineNumbers: this.#lineNumbers,
    };
    this.#buffer = undefined;
    this.#length = 0;
    this.#lineNumbers = [];
    return taken;
  }

  #withRoom(length: number): Buffer {
    const buffer = this.#buffer ?? this.#buffers.take();
    this.#buffer = buffer;
    if (this.#length + length <= buffer.length) return buffer;
    const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, this.#length + length));
    buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
    return larger;
  }
}
