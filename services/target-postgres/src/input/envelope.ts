import { PipelineError } from '@pipeline/protocol';

/** What a line is, without reading what is in it. */
export interface Envelope {
  type: string;
  stream: string | undefined;
  /** Bytes from the start of the line within which type and stream stand, if the record comes after them: another line that begins
   *  with the same bytes is of the same type and stream. */
  prefixLength: number | undefined;
}

const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;

/** Reads the members "type" and "stream" of a message. Of the others it only finds the end.
 *  @throws PipelineError `SINGER_INVALID_JSON`, `SINGER_INVALID_MESSAGE`. */
export function readEnvelope(line: Buffer): Envelope {
  const names: Record<string, unknown> = {};
  let prefixLength: number | undefined;
  let at = skipSpace(line, 0);
  if (line[at] !== OPEN_BRACE) throw invalidJson();
  for (;;) {
    at = skipSpace(line, at + 1);
    if (line[at] === CLOSE_BRACE && Object.keys(names).length === 0) break;
    if (line[at] !== QUOTE) throw invalidJson();
    const nameEnd = stringEnd(line, at);
    const name = parse(line, at, nameEnd);
    at = skipSpace(line, nameEnd);
    if (line[at] !== COLON) throw invalidJson();
    const valueStart = skipSpace(line, at + 1);
    at = valueEnd(line, valueStart);
    if (name === 'type' || name === 'stream') names[name] = parse(line, valueStart, at);
    at = skipSpace(line, at);
    // With the comma, so that a longer name does not begin with the same bytes.
    if (names['type'] !== undefined && names['stream'] !== undefined) prefixLength ??= at + 1;
    if (line[at] !== COMMA) break;
    if (name === 'record') prefixLength ??= Number.NaN;
  }
  if (line[at] !== CLOSE_BRACE || skipSpace(line, at + 1) < line.length) throw invalidJson();
  const { type, stream } = names;
  if (typeof type !== 'string') {
    throw new PipelineError({
      code: 'SINGER_INVALID_MESSAGE',
      recovery: 'fail',
      message: 'a Singer message is a JSON object with a "type"',
    });
  }
  return {
    type: type.toUpperCase(),
    stream: typeof stream === 'string' ? stream : undefined,
    prefixLength: Number.isNaN(prefixLength) ? undefined : prefixLength,
  };
}

const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

function valueEnd(line: Buffer, start: number): number {
  const first = line[start];
  if (first === QUOTE) return stringEnd(line, start);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return scalarEnd(line, start);
  let depth = 0;
  for (let at = start; at < line.length; at++) {
    const byte = line[at];
    if (byte === QUOTE) at = stringEnd(line, at) - 1;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at + 1;
  }
  throw invalidJson();
}

function scalarEnd(line: Buffer, start: number): number {
  let at = start;
  for (; at < line.length; at++) {
    const byte = line[at] ?? 0;
    if (byte === COMMA || byte === CLOSE_BRACE || byte <= SPACE) break;
  }
  if (at === start) throw invalidJson();
  return at;
}

/** Position after the closing quote. */
function stringEnd(line: Buffer, start: number): number {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === QUOTE) return at + 1;
    if (line[at] === BACKSLASH) at++;
  }
  throw invalidJson();
}

function skipSpace(line: Buffer, start: number): number {
  let at = start;
  while (at < line.length && (line[at] ?? 0) <= SPACE) at++;
  return at;
}

function parse(line: Buffer, start: number, end: number): unknown {
  try {
    return JSON.parse(line.toString('utf8', start, end));
  } catch (cause) {
    throw invalidJson(cause);
  }
}

function invalidJson(cause?: unknown): PipelineError {
  return new PipelineError({
    code: 'SINGER_INVALID_JSON',
    recovery: 'fail',
    message: 'the line is not valid JSON',
    cause,
  });
}
