/** What a field of a record is, as far as its first and last byte say. */
export const ABSENT = 0;
export const NULL = 1;
export const TRUE = 2;
export const FALSE = 3;
export const NUMBER = 4;
/** A string without escapes: its bytes are its value. The span excludes the quotes. */
export const STRING = 5;
export const ESCAPED_STRING = 6;
export const DOCUMENT = 7;
/** A document with escapes, among which may be what `jsonb` refuses. */
export const ESCAPED_DOCUMENT = 8;

const SPACE = 32;
const QUOTE = 34;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const LOWER_E = 101;
const LOWER_F = 102;
const LOWER_N = 110;
const LOWER_T = 116;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Where a JSON value ends, and what it is: one pass over the bytes, no object. It knows values in their common form only and declines everything else. */
export class ValueScanner {
  /** Of the value that was scanned last. */
  kind = ABSENT;
  start = 0;
  /** Whether the string that was scanned last has escapes. */
  escaped = false;

  /** Position after the value, -1 when it is not in the common form. Leaves its kind and start. */
  scan(source: Uint8Array, at: number): number {
    if (at < 0) return -1;
    const first = source[at] ?? 0;
    this.start = at;
    if (first === QUOTE) {
      const end = this.stringEnd(source, at);
      this.start = at + 1;
      this.kind = this.escaped ? ESCAPED_STRING : STRING;
      return end < 0 ? -1 : end + 1;
    }
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.#scanDocument(source, at);
    if (first === MINUS || (first >= ZERO && first <= NINE)) {
      this.kind = NUMBER;
      return numberEnd(source, at);
    }
    if (first === LOWER_N) return this.#scanLiteral(source, at, NULL, NULL_TEXT);
    if (first === LOWER_T) return this.#scanLiteral(source, at, TRUE, TRUE_TEXT);
    if (first === LOWER_F) return this.#scanLiteral(source, at, FALSE, FALSE_TEXT);
    return -1;
  }

  #scanLiteral(source: Uint8Array, at: number, kind: number, text: Uint8Array): number {
    this.kind = kind;
    return equals(source, at, at + text.length, text) ? at + text.length : -1;
  }

  /** Balances brackets; whether what stands between them is JSON, `jsonb` checks. */
  #scanDocument(source: Uint8Array, start: number): number {
    let depth = 0;
    let escaped = false;
    for (let at = start; at < source.length; at++) {
      const byte = source[at] ?? 0;
      if (byte === QUOTE) {
        at = this.stringEnd(source, at);
        if (at < 0) return -1;
        escaped ||= this.escaped;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (--depth === 0) {
          this.kind = escaped ? ESCAPED_DOCUMENT : DOCUMENT;
          return at + 1;
        }
      } else if (byte < SPACE) return -1;
    }
    return -1;
  }

  /** Position of the closing quote of the string that opens at `at`, -1 when there is none. Leaves whether there are escapes. */
  stringEnd(source: Uint8Array, at: number): number {
    this.escaped = false;
    for (let end = at + 1; end < source.length; end++) {
      const byte = source[end] ?? 0;
      if (byte === QUOTE) return end;
      if (byte === BACKSLASH) {
        this.escaped = true;
        end++;
      } else if (byte < SPACE) return -1;
    }
    return -1;
  }
}

const NULL_TEXT = Buffer.from('null');
const TRUE_TEXT = Buffer.from('true');
const FALSE_TEXT = Buffer.from('false');

export function skipSpace(source: Uint8Array, start: number): number {
  let at = start;
  while (source[at] === SPACE) at++;
  return at;
}

/** Where the value begins after a name that ends with the quote at `nameEnd`, -1 without a colon. */
export function valueAfter(source: Uint8Array, nameEnd: number): number {
  const colon = skipSpace(source, nameEnd + 1);
  return source[colon] === COLON ? skipSpace(source, colon + 1) : -1;
}

/** Takes every byte that a number may have; whoever uses the number checks its form. */
function numberEnd(source: Uint8Array, start: number): number {
  let at = start + 1;
  for (; ; at++) {
    const byte = source[at] ?? 0;
    const isDigit = byte >= ZERO && byte <= NINE;
    if (!isDigit && byte !== DOT && byte !== MINUS && byte !== PLUS && (byte | SPACE) !== LOWER_E) return at;
  }
}

export function equals(source: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (source[start + i] !== text[i]) return false;
  return true;
}
