/** The beginning of the last RECORD line, and its stream: the next line mostly begins with the same bytes, and then nothing else of it has
 *  to be read. */
export class LineMemory<Stream> {
  #prefix: Buffer | undefined;
  #stream: Stream | undefined;

  /** The stream of the line `source[start, end)`, when it begins as the last one did. */
  streamOf(source: Buffer, start: number, end: number): Stream | undefined {
    const prefix = this.#prefix;
    if (prefix === undefined || end - start < prefix.length) return undefined;
    for (let i = 0; i < prefix.length; i++) if (source[start + i] !== prefix[i]) return undefined;
    return this.#stream;
  }

  /** @param prefixLength undefined when the record comes before its stream's name. */
  remember(line: Buffer, prefixLength: number | undefined, stream: Stream): void {
    this.#prefix = prefixLength === undefined ? undefined : Buffer.from(line.subarray(0, prefixLength));
    this.#stream = stream;
  }

  forget(): void {
    this.#prefix = undefined;
  }
}
