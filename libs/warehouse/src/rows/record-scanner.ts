import { ABSENT, ESCAPED_STRING, equals, NULL, STRING, skipSpace, ValueScanner, valueAfter } from './value-scanner.ts';

const QUOTE = 34;
const COMMA = 44;
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

/** Where the fields of a record are in its line: one pass over the bytes, no object. It knows messages in their common form only and
 *  declines everything else (unknown fields, escapes in names, broken JSON), which then takes the exact path. */
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
  readonly #value = new ValueScanner();

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

  /** Finds the fields of the message in `source[start, end)`. False: no RECORD in the common form, or not one of this stream. */
  scan(source: Uint8Array, start: number, end: number): boolean {
    this.kinds.fill(ABSENT);
    let required = 0;
    let at = skipSpace(source, start);
    if (source[at] !== OPEN_BRACE) return false;
    do {
      const name = skipSpace(source, at + 1);
      const nameEnd = source[name] === QUOTE ? this.#value.stringEnd(source, name) : -1;
      if (nameEnd < 0 || this.#value.escaped) return false;
      const member = memberOf(source, name + 1, nameEnd);
      // With a name repeated the last one would have to win.
      if ((required & member) !== 0) return false;
      required |= member;
      at = valueAfter(source, nameEnd);
      at = member === RECORD ? this.#scanRecord(source, at) : this.#value.scan(source, at);
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
    return this.#value.kind === STRING && equals(source, this.#value.start, end - 1, text);
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
      at = this.#value.scan(source, valueAfter(source, this.#nameEnd));
      if (at < 0) return -1;
      if (slot >= 0) {
        this.#keep(slot, at);
        previous = slot;
      } else if (this.#value.kind !== NULL) return -1;
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
    const end = this.#value.stringEnd(source, at);
    if (end < 0 || this.#value.escaped) return UNKNOWN;
    this.#nameEnd = end;
    const slot = this.#slots.get(Buffer.from(source.buffer, source.byteOffset + at + 1, end - at - 1).toString());
    if (slot === undefined) return -1;
    this.#following[previous] = slot;
    return slot;
  }

  #keep(slot: number, end: number): void {
    const isString = this.#value.kind === STRING || this.#value.kind === ESCAPED_STRING;
    this.kinds[slot] = this.#value.kind;
    this.starts[slot] = this.#value.start;
    this.ends[slot] = isString ? end - 1 : end;
  }
}

const UNKNOWN = -2;

function memberOf(source: Uint8Array, start: number, end: number): number {
  for (const { name, bit } of MEMBERS) if (equals(source, start, end, name)) return bit;
  return OTHER;
}
