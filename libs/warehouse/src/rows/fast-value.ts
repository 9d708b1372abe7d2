import type { ColumnType } from '../table/column-type.ts';
import { writeBigint, writeBytes, writeDate, writeNumeric, writeTimestamp } from './binary-value.ts';
import { ESCAPED_DOCUMENT, ESCAPED_STRING, FALSE, NUMBER, STRING, TRUE } from './value-scanner.ts';

const QUOTE = 34;
const SLASH = 47;
const BACKSLASH = 92;
const LOWER_B = 98;
const LOWER_F = 102;
const LOWER_N = 110;
const LOWER_R = 114;
const LOWER_T = 116;
const LOWER_U = 117;

const JSONB_VERSION = 1;

/** Writes the payload of a field from the bytes of its JSON value. Position after it, -1 when the value needs the exact path. */
export function writeFast(
  type: ColumnType,
  kind: number,
  source: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  switch (type) {
    case 'text':
      if (kind === STRING) return writeBytes(source, start, end, out, at);
      if (kind === ESCAPED_STRING) return writeUnescaped(source, start, end, out, at);
      return -1;
    case 'bigint':
      return kind === NUMBER ? writeBigint(source, start, end, out, at) : -1;
    case 'numeric':
      return kind === NUMBER || kind === STRING ? writeNumeric(source, start, end, out, at) : -1;
    case 'timestamptz':
      return kind === STRING ? writeTimestamp(source, start, end, out, at) : -1;
    case 'date':
      return kind === STRING ? writeDate(source, start, end, out, at) : -1;
    case 'boolean':
      if (kind !== TRUE && kind !== FALSE) return -1;
      out[at] = kind === TRUE ? 1 : 0;
      return at + 1;
    case 'jsonb':
      return writeJsonb(kind, source, start, end, out, at);
  }
}

/** The document as it came: `jsonb` keeps every digit, and reading it would cost more than all the rest. */
function writeJsonb(kind: number, source: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  const isString = kind === STRING || kind === ESCAPED_STRING;
  if ((kind === ESCAPED_DOCUMENT || kind === ESCAPED_STRING) && hasDelicateEscape(source, start, end)) return -1;
  out[at] = JSONB_VERSION;
  return isString ? writeBytes(source, start - 1, end + 1, out, at + 1) : writeBytes(source, start, end, out, at + 1);
}

/** An escaped NUL or surrogate, which `jsonb` may refuse. */
function hasDelicateEscape(source: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end - 1; at++) {
    if (source[at] !== BACKSLASH) continue;
    at++;
    if (source[at] !== LOWER_U) continue;
    const unit = fourHexDigits(source, at + 1);
    if (!(unit > 0) || isSurrogate(unit)) return true;
  }
  return false;
}

/** The value of a JSON string, in UTF-8. -1 for NUL, a lone surrogate or a broken escape. */
function writeUnescaped(source: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
  let at = to;
  for (let from = start; from < end; from++) {
    const byte = source[from] ?? 0;
    if (byte !== BACKSLASH) {
      out[at++] = byte;
      continue;
    }
    from++;
    const letter = source[from] ?? 0;
    if (letter !== LOWER_U) {
      const character = escapedCharacter(letter);
      if (character < 0) return -1;
      out[at++] = character;
      continue;
    }
    let code = fourHexDigits(source, from + 1);
    from += 4;
    if (!(code > 0)) return -1;
    if (isSurrogate(code)) {
      const low = source[from + 1] === BACKSLASH && source[from + 2] === LOWER_U ? fourHexDigits(source, from + 3) : 0;
      if (code > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) return -1;
      code = 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00);
      from += 6;
    }
    at = writeUtf8(code, out, at);
  }
  return at;
}

function escapedCharacter(letter: number): number {
  switch (letter) {
    case QUOTE:
    case BACKSLASH:
    case SLASH:
      return letter;
    case LOWER_N:
      return 10;
    case LOWER_T:
      return 9;
    case LOWER_R:
      return 13;
    case LOWER_B:
      return 8;
    case LOWER_F:
      return 12;
    default:
      return -1;
  }
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function fourHexDigits(source: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = source[i] ?? 0;
    const letter = byte | 0x20;
    if (byte >= 48 && byte <= 57) value = value * 16 + byte - 48;
    else if (letter >= 97 && letter <= 102) value = value * 16 + letter - 87;
    else return Number.NaN;
  }
  return value;
}

function writeUtf8(code: number, out: Uint8Array, start: number): number {
  let at = start;
  if (code < 0x80) out[at++] = code;
  else {
    if (code < 0x800) out[at++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) out[at++] = 0xe0 | (code >> 12);
      else {
        out[at++] = 0xf0 | (code >> 18);
        out[at++] = 0x80 | ((code >> 12) & 0x3f);
      }
      out[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    out[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}
