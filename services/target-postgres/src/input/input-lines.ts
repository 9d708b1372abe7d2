const NEWLINE = 10;

/** Cuts a stream of bytes into lines without copying those that lie within one piece.
 *  @param input pieces that nobody else holds: within a huge line each is freed as soon as it is copied.
 *  @param take called for each line; a promise makes the input wait. Nobody writes into the line's bytes afterwards.
 *  @param lineBytesMax longer lines are an error: memory is bounded by it. */
export async function readLines(
  input: AsyncIterable<Buffer>,
  lineBytesMax: number,
  take: (source: Buffer, start: number, end: number) => Promise<void> | undefined,
): Promise<void> {
  const rest = new LineRest(lineBytesMax);
  for await (const piece of input) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      rest.check(end - start);
      let wait: Promise<void> | undefined;
      if (rest.isEmpty) wait = take(piece, start, end);
      else wait = takeWhole(rest.completedBy(piece, start, end), take);
      if (wait !== undefined) await wait;
      start = end + 1;
    }
    if (start < piece.length) rest.add(piece, start, piece.length);
    if (rest.isHuge) free(piece);
  }
  if (!rest.isEmpty) await takeWhole(rest.completedBy(Buffer.alloc(0), 0, 0), take);
}

/** A function of its own, so that nothing here holds a huge line while it is waited for. */
function takeWhole(
  line: Buffer,
  take: (source: Buffer, start: number, end: number) => Promise<void> | undefined,
): Promise<void> | undefined {
  return take(line, 0, line.length - 1);
}

/** Most lines that span two pieces are shorter. */
const FIRST_BYTES = 4 * 1024;
const GROWTH = 1.5;
/** In such a line the collector of garbage, which goes by objects, would leave tens of megabytes of pieces behind. */
const HUGE_BYTES = 1024 * 1024;

function free({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/** A line whose end has not come yet. It grows in one place: pieces that wait to be joined would be there twice. */
class LineRest {
  readonly #bytesMax: number;
  #buffer: Buffer<ArrayBuffer> | undefined;
  #length = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get isHuge(): boolean {
    return this.#length > HUGE_BYTES;
  }

  /** @throws RangeError when the line would be too long with so many bytes more. */
  check(bytes: number): void {
    if (this.#length + bytes > this.#bytesMax) {
      throw new RangeError(`a line of the input is longer than ${this.#bytesMax} bytes`);
    }
  }

  add(piece: Buffer, start: number, end: number): void {
    this.check(end - start);
    // One byte more, for the newline.
    const needed = this.#length + end - start + 1;
    if (this.#buffer === undefined || needed > this.#buffer.length) this.#grow(needed);
    if (this.#buffer !== undefined) piece.copy(this.#buffer, this.#length, start, end);
    this.#length = needed - 1;
  }

  /** The whole line with its newline, in memory of its own. */
  completedBy(piece: Buffer, start: number, end: number): Buffer {
    this.add(piece, start, end);
    const buffer = this.#buffer ?? Buffer.allocUnsafeSlow(1);
    buffer[this.#length] = NEWLINE;
    const line = buffer.subarray(0, this.#length + 1);
    this.#buffer = undefined;
    this.#length = 0;
    return line;
  }

  /** The smaller buffer is freed at once. */
  #grow(needed: number): void {
    const room = Math.min(Math.ceil(GROWTH * (this.#buffer?.length ?? 0)), this.#bytesMax + 1);
    const bytes = Math.max(FIRST_BYTES, needed, room);
    this.#buffer = Buffer.from(this.#buffer?.buffer.transfer(bytes) ?? new ArrayBuffer(bytes));
  }
}
