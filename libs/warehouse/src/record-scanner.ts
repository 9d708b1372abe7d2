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
const COMMA = 44;
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

/** Members of a message, as bits. */
const OTHER = 0;
const TYPE = 1;
const STREAM = 2;
const RECORD = 4;
const TIME_EXTRACTED = 8;
const VERSION = 16;
const REQUIRED = TYPE | STREAM | RECORD;
const MEMBERS = [
  { name: Buffer.from('type'), bit: TYPE },
  { name: Buffer.from('stream'), bit: STREAM },
  { name: Buffer.from('record'), bit: RECORD },
  { name: Buffer.from('time_extracted'), bit: TIME_EXTRACTED },
  { name: Buffer.from('version'), bit: VERSION },
];
const RECORD_TYPE = Buffer.from('RECORD');

/** Where the fields of a record are in its line: one pass over the bytes, no object. It knows plain messages only and
 *  declines everything else (unknown fields, escapes in names, broken JSON), which then takes the exact way. */
export class RecordScanner {
  /** Per slot: what the field is, and the span of its bytes. */
  readonly kinds: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;

  readonly #stream: Buffer;
  readonly #names: Uint8Array[];
  readonly #slots: Map<string, number>;
  readonly #extractedSlot: number;
  readonly #versionSlot: number;
  /** Slot that came after this one in the last record: taps write fields in the same order. The last entry is the first field. */
  readonly #following: Int32Array;
  #escaped = false;
  #start = 0;
  #kind = ABSENT;

  /** @param fields property of each slot; undefined for a slot that no property fills.
   *  @param envelope slots of the message's own members. */
  constructor(stream: string, fields: (string | undefined)[], envelope: { timeExtracted: number; version: number }) {
    this.#stream = Buffer.from(JSON.stringify(stream).slice(1, -1));
    this.#names = fields.map((field) => Buffer.from(field ?? ''));
    this.#slots = new Map(fields.flatMap((field, slot) => (field === undefined ? [] : [[field, slot]])));
    this.#extractedSlot = envelope.timeExtracted;
    this.#versionSlot = envelope.version;
    this.kinds = new Uint8Array(fields.length);
    this.starts = new Uint32Array(fields.length);
    this.ends = new Uint32Array(fields.length);
    this.#following = new Int32Array(fields.length + 1);
  }

  /** Finds the fields of the message in `source[start, end)`. False: not a plain RECORD of this stream. */
  scan(source: Uint8Array, start: number, end: number): boolean {
    this.kinds.fill(ABSENT);
    let required = 0;
    let at = skipSpace(source, start);
    if (source[at] !== OPEN_BRACE) return false;
    do {
      const name = skipSpace(source, at + 1);
      const nameEnd = source[name] === QUOTE ? this.#stringEnd(source, name) : -1;
      if (nameEnd < 0 || this.#escaped) return false;
      const member = memberOf(source, name + 1, nameEnd);
      // With a name repeated the last one would have to win.
      if ((required & member) !== 0) return false;
      required |= member;
      at = valueAfter(source, nameEnd);
      at = member === RECORD ? this.#scanRecord(source, at) : this.#scanValue(source, at);
      if (at < 0) return false;
      if (member === TYPE && !this.#isString(source, at, RECORD_TYPE)) return false;
      if (member === STREAM && !this.#isString(source, at, this.#stream)) return false;
      if (member === TIME_EXTRACTED) this.#keep(this.#extractedSlot, at);
      if (member === VERSION) this.#keep(this.#versionSlot, at);
      at = skipSpace(source, at);
    } while (source[at] === COMMA);
    return source[at] === CLOSE_BRACE && skipSpace(source, at + 1) >= end && (required & REQUIRED) === REQUIRED;
  }

  #isString(source: Uint8Array, end: number, text: Uint8Array): boolean {
    return this.#kind === STRING && equals(source, this.#start, end - 1, text);
  }

  #scanRecord(source: Uint8Array, start: number): number {
    if (source[start] !== OPEN_BRACE) return -1;
    let at = skipSpace(source, start + 1);
    if (source[at] === CLOSE_BRACE) return at + 1;
    let previous = this.#names.length;
    for (;;) {
      if (source[at] !== QUOTE) return -1;
      const slot = this.#slotAt(source, at, previous);
      if (slot === UNKNOWN) return -1;
      at = this.#scanValue(source, valueAfter(source, this.#nameEnd));
      if (at < 0) return -1;
      if (slot >= 0) {
        this.#keep(slot, at);
        previous = slot;
      } else if (this.#kind !== NULL) return -1;
      at = skipSpace(source, at);
      if (source[at] === CLOSE_BRACE) return at + 1;
      if (source[at] !== COMMA) return -1;
      at = skipSpace(source, at + 1);
    }
  }

  #nameEnd = 0;

  /** The slot of the field whose quoted name begins here, -1 for a field without one. */
  #slotAt(source: Uint8Array, at: number, previous: number): number {
    const guess = this.#following[previous] ?? 0;
    const name = this.#names[guess];
    if (name !== undefined && name.length > 0) {
      const end = at + 1 + name.length;
      if (source[end] === QUOTE && equals(source, at + 1, end, name)) {
        this.#nameEnd = end;
        return guess;
      }
    }
    const end = this.#stringEnd(source, at);
    if (end < 0 || this.#escaped) return UNKNOWN;
    this.#nameEnd = end;
    const slot = this.#slots.get(Buffer.from(source.buffer, source.byteOffset + at + 1, end - at - 1).toString());
    if (slot === undefined) return -1;
    this.#following[previous] = slot;
    return slot;
  }

  #keep(slot: number, end: number): void {
    const isString = this.#kind === STRING || this.#kind === ESCAPED_STRING;
    this.kinds[slot] = this.#kind;
    this.starts[slot] = this.#start;
    this.ends[slot] = isString ? end - 1 : end;
  }

  /** Position after the value, -1 when it is not plain. Leaves its kind and start. */
  #scanValue(source: Uint8Array, at: number): number {
    if (at < 0) return -1;
    const first = source[at] ?? 0;
    this.#start = at;
    if (first === QUOTE) {
      const end = this.#stringEnd(source, at);
      this.#start = at + 1;
      this.#kind = this.#escaped ? ESCAPED_STRING : STRING;
      return end < 0 ? -1 : end + 1;
    }
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.#scanDocument(source, at);
    if (first === MINUS || (first >= ZERO && first <= NINE)) {
      this.#kind = NUMBER;
      return numberEnd(source, at);
    }
    if (first === LOWER_N) return this.#scanLiteral(source, at, NULL, NULL_TEXT);
    if (first === LOWER_T) return this.#scanLiteral(source, at, TRUE, TRUE_TEXT);
    if (first === LOWER_F) return this.#scanLiteral(source, at, FALSE, FALSE_TEXT);
    return -1;
  }

  #scanLiteral(source: Uint8Array, at: number, kind: number, text: Uint8Array): number {
    this.#kind = kind;
    return equals(source, at, at + text.length, text) ? at + text.length : -1;
  }

  /** Balances brackets; whether what stands between them is JSON, `jsonb` checks. */
  #scanDocument(source: Uint8Array, start: number): number {
    let depth = 0;
    let escaped = false;
    for (let at = start; at < source.length; at++) {
      const byte = source[at] ?? 0;
      if (byte === QUOTE) {
        at = this.#stringEnd(source, at);
        if (at < 0) return -1;
        escaped ||= this.#escaped;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (--depth === 0) {
          this.#kind = escaped ? ESCAPED_DOCUMENT : DOCUMENT;
          return at + 1;
        }
      } else if (byte < SPACE) return -1;
    }
    return -1;
  }

  /** Position of the closing quote of the string that opens at `at`, -1 when there is none. Leaves whether there are escapes. */
  #stringEnd(source: Uint8Array, at: number): number {
    this.#escaped = false;
    for (let end = at + 1; end < source.length; end++) {
      const byte = source[end] ?? 0;
      if (byte === QUOTE) return end;
      if (byte === BACKSLASH) {
        this.#escaped = true;
        end++;
      } else if (byte < SPACE) return -1;
    }
    return -1;
  }
}

const UNKNOWN = -2;

function memberOf(source: Uint8Array, start: number, end: number): number {
  for (const { name, bit } of MEMBERS) if (equals(source, start, end, name)) return bit;
  return OTHER;
}

const NULL_TEXT = Buffer.from('null');
const TRUE_TEXT = Buffer.from('true');
const FALSE_TEXT = Buffer.from('false');

function skipSpace(source: Uint8Array, start: number): number {
  let at = start;
  while (source[at] === SPACE) at++;
  return at;
}

/** Where the value begins after a name that ends with the quote at `nameEnd`, -1 without a colon. */
function valueAfter(source: Uint8Array, nameEnd: number): number {
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

function equals(source: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (source[start + i] !== text[i]) return false;
  return true;
}
