/** Values in PostgreSQL's binary format, written from the bytes of a JSON document: no object, no string and no rounding in between.
 *  Each writer takes the text `source[start, end)` and returns the position after what it wrote, or -1 when the text is
 *  not in the common form; then the exact reader decides.
 *  Formats: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-BINARY-FORMAT and the `*_recv` functions of the server. */

const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const PLUS = 43;
const DOT = 46;
const COLON = 58;
const UPPER_T = 84;
const UPPER_Z = 90;
const SPACE = 32;

const TWO_32 = 2 ** 32;
/** Integers with so many digits are exact as a double. */
const SAFE_DIGITS = 15;
/** 1715 to 2285: microseconds since 2000 that are exact as a double. */
const SAFE_SECONDS = 9_000_000_000;

const DAYS_TO_2000 = 10_957;
const SECONDS_PER_DAY = 86_400;

export function writeInt32(out: Uint8Array, at: number, value: number): number {
  out[at] = value >>> 24;
  out[at + 1] = value >>> 16;
  out[at + 2] = value >>> 8;
  out[at + 3] = value;
  return at + 4;
}

/** An integer within ±2^53 as eight bytes. */
export function writeInt64(out: Uint8Array, at: number, value: number): number {
  const high = Math.floor(value / TWO_32);
  writeInt32(out, at, high);
  return writeInt32(out, at + 4, value - high * TWO_32);
}

export function writeBytes(source: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  // Most values are short, and for them the call into native code costs more than the bytes.
  if (end - start > 64) out.set(source.subarray(start, end), at);
  else for (let from = start, to = at; from < end; from++, to++) out[to] = source[from] ?? 0;
  return at + end - start;
}

/** `bigint` from an integer of at most 15 digits. */
export function writeBigint(source: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  const negative = source[start] === MINUS;
  const first = negative ? start + 1 : start;
  const digits = end - first;
  if (digits < 1 || digits > SAFE_DIGITS || (digits > 1 && source[first] === ZERO)) return -1;
  let value = 0;
  for (let i = first; i < end; i++) {
    const digit = (source[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return writeInt64(out, at, negative ? -value : value);
}

const NUMERIC_POSITIVE = 0x0000;
const NUMERIC_NEGATIVE = 0x4000;

/** `numeric` from a decimal without an exponent, digit for digit: groups of four decimal digits, with the number of digits after the point. */
export function writeNumeric(source: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  const negative = source[start] === MINUS;
  const first = negative ? start + 1 : start;
  let point = first;
  while (point < end && isDigit(source[point])) point++;
  const whole = point - first;
  if (whole === 0 || (whole > 1 && source[first] === ZERO)) return -1;
  let fraction = 0;
  if (point < end) {
    if (source[point] !== DOT) return -1;
    fraction = end - point - 1;
    if (fraction === 0) return -1;
    for (let i = point + 1; i < end; i++) if (!isDigit(source[i])) return -1;
  }
  const wholeGroups = (whole + 3) >> 2;
  const fractionGroups = (fraction + 3) >> 2;
  let to = writeInt16(out, at, wholeGroups + fractionGroups);
  to = writeInt16(out, to, wholeGroups - 1);
  to = writeInt16(out, to, negative ? NUMERIC_NEGATIVE : NUMERIC_POSITIVE);
  to = writeInt16(out, to, fraction);
  // The first group is short on the left, the last one on the right.
  let group = 0;
  let missing = wholeGroups * 4 - whole;
  for (let i = first; i < point; i++) {
    group = group * 10 + (source[i] ?? 0) - ZERO;
    if ((++missing & 3) === 0) {
      to = writeInt16(out, to, group);
      group = 0;
    }
  }
  for (let i = 0; i < fractionGroups * 4; i++) {
    group = group * 10 + (i < fraction ? (source[point + 1 + i] ?? 0) - ZERO : 0);
    if ((i & 3) === 3) {
      to = writeInt16(out, to, group);
      group = 0;
    }
  }
  return to;
}

/** `date` from `YYYY-MM-DD`. */
export function writeDate(source: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  if (end - start !== 10) return -1;
  const days = daysSince2000(source, start);
  return Number.isNaN(days) ? -1 : writeInt32(out, at, days);
}

/** `timestamptz` from RFC 3339: `YYYY-MM-DDTHH:MM:SS[.ffffff](Z|±HH:MM)`. */
export function writeTimestamp(source: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  if (end - start < 20) return -1;
  const separator = source[start + 10];
  if (separator !== UPPER_T && separator !== SPACE) return -1;
  if (source[start + 13] !== COLON || source[start + 16] !== COLON) return -1;
  const days = daysSince2000(source, start);
  const hour = twoDigits(source, start + 11);
  const minute = twoDigits(source, start + 14);
  const second = twoDigits(source, start + 17);
  if (!(hour < 24 && minute < 60 && second < 60)) return -1;

  let micros = 0;
  let next = start + 19;
  if (source[next] === DOT) {
    let scale = 1_000_000;
    for (next++; next < end && isDigit(source[next]); next++) {
      scale /= 10;
      // A seventh digit has to be rounded: not here.
      if (scale < 1) return -1;
      micros += ((source[next] ?? 0) - ZERO) * scale;
    }
    if (scale === 1_000_000) return -1;
  }
  const offset = offsetSeconds(source, next, end);
  const seconds = days * SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second - offset;
  // Also false for NaN: some part was not a number.
  if (!(Math.abs(seconds) < SAFE_SECONDS)) return -1;
  return writeInt64(out, at, seconds * 1_000_000 + micros);
}

function offsetSeconds(source: Uint8Array, start: number, end: number): number {
  const sign = source[start];
  if (sign === UPPER_Z) return end - start === 1 ? 0 : Number.NaN;
  if (end - start !== 6 || source[start + 3] !== COLON || (sign !== PLUS && sign !== MINUS)) return Number.NaN;
  const hours = twoDigits(source, start + 1);
  const minutes = twoDigits(source, start + 4);
  if (!(hours < 16 && minutes < 60)) return Number.NaN;
  return (sign === MINUS ? -1 : 1) * (hours * 3_600 + minutes * 60);
}

/** NaN when the text is no day of the years 1 to 9999. */
function daysSince2000(source: Uint8Array, start: number): number {
  if (source[start + 4] !== MINUS || source[start + 7] !== MINUS) return Number.NaN;
  const year = twoDigits(source, start) * 100 + twoDigits(source, start + 2);
  const month = twoDigits(source, start + 5);
  const day = twoDigits(source, start + 8);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  return civilDays(year, month, day) - DAYS_TO_2000;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function civilDays(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function writeInt16(out: Uint8Array, at: number, value: number): number {
  out[at] = value >>> 8;
  out[at + 1] = value;
  return at + 2;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function twoDigits(source: Uint8Array, at: number): number {
  const tens = source[at];
  const ones = source[at + 1];
  return isDigit(tens) && isDigit(ones) ? ((tens ?? 0) - ZERO) * 10 + (ones ?? 0) - ZERO : Number.NaN;
}
