const NEWLINE = 10;

/** The lines of a buffer that are not empty, by number from 0. */
export class Lines {
  readonly bytes: Buffer;
  readonly count: number;
  readonly #bounds: number[] = [];

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      if (end > start) this.#bounds.push(start, end);
      start = end + 1;
    }
    this.count = this.#bounds.length / 2;
  }

  start(line: number): number {
    return this.#bounds[line * 2] ?? this.bytes.length;
  }

  end(line: number): number {
    return this.#bounds[line * 2 + 1] ?? this.bytes.length;
  }

  text(line: number): string {
    return this.bytes.toString('utf8', this.start(line), this.end(line));
  }
}
