const FIRST_CAPACITY = 64 * 1024;

/** RECORD lines of one stream that wait to become a batch. */
export class PendingRecords {
  #bytes = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  #length = 0;
  #lineNumbers: number[] = [];
  #since = 0;

  get rows(): number {
    return this.#lineNumbers.length;
  }

  get bytes(): number {
    return this.#length;
  }

  /** Number of the oldest line, undefined when there is none. */
  get firstLine(): number | undefined {
    return this.#lineNumbers[0];
  }

  /** When the oldest line came, by the caller's clock. */
  get since(): number {
    return this.#since;
  }

  add(source: Buffer, start: number, end: number, lineNumber: number, now: number): void {
    if (this.rows === 0) this.#since = now;
    const length = end - start + 1;
    this.#reserve(length);
    source.copy(this.#bytes, this.#length, start, end);
    this.#bytes[this.#length + length - 1] = 10;
    this.#length += length;
    this.#lineNumbers.push(lineNumber);
  }

  /** Empties it. */
  take(): { lines: Buffer; lineNumbers: number[] } {
    const taken = { lines: this.#bytes.subarray(0, this.#length), lineNumbers: this.#lineNumbers };
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(FIRST_CAPACITY, this.#length));
    this.#length = 0;
    this.#lineNumbers = [];
    return taken;
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
