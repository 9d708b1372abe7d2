const NEWLINE = 10;

/** Cuts a stream of bytes into lines without copying those that lie within one piece.
 *  @param take called for each line; a promise makes the input wait.
 *  @param lineBytesMax longer lines are an error: memory is bounded by it. */
export async function readLines(
  input: AsyncIterable<Buffer>,
  lineBytesMax: number,
  take: (source: Buffer, start: number, end: number) => Promise<void> | undefined,
): Promise<void> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const piece of input) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      checkLength(restBytes + end - start, lineBytesMax);
      let wait: Promise<void> | undefined;
      if (restBytes > 0) {
        const line = Buffer.concat([...rest, piece.subarray(start, end)]);
        rest = [];
        restBytes = 0;
        wait = take(line, 0, line.length);
      } else wait = take(piece, start, end);
      if (wait !== undefined) await wait;
      start = end + 1;
    }
    if (start < piece.length) {
      rest.push(piece.subarray(start));
      restBytes += piece.length - start;
      checkLength(restBytes, lineBytesMax);
    }
  }
  if (restBytes > 0) {
    const line = Buffer.concat(rest);
    await take(line, 0, line.length);
  }
}

function checkLength(bytes: number, lineBytesMax: number): void {
  if (bytes > lineBytesMax) throw new RangeError(`a line of the input is longer than ${lineBytesMax} bytes`);
}
