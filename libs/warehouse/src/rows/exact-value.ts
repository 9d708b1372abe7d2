import type { ColumnType } from '../table/column-type.ts';
import {
  civilDays,
  daysInMonth,
  writeBigint,
  writeDate,
  writeInt32,
  writeNumeric,
  writeTimestamp,
} from './binary-value.ts';
import { isoSpelling } from './date-time-spelling.ts';
import { decimalOf, WHOLE_DIGITS_MAX } from './decimal.ts';
import { isSpecialNumber, jsonText, NUMERIC_SPECIAL, scalarText } from './json-text.ts';
import type { Value } from './record-reader.ts';

/** Why a value does not go into a column, as PostgreSQL would put it. */
export interface Misfit {
  sqlstate: string;
  reason: string;
}

const INVALID_TEXT = '22P02';
const NUMERIC_OUT_OF_RANGE = '22003';
const INVALID_DATETIME = '22007';
const DATETIME_OVERFLOW = '22008';

/** A value in PostgreSQL's binary format, in every form that JSON and the habits of taps have for it. Null is SQL NULL. */
export function encodeValue(type: ColumnType, value: Value): Buffer | null | Misfit {
  if (value.kind === 'null') return null;
  switch (type) {
    case 'text':
      return Buffer.from(scalarText(value));
    case 'jsonb':
      return jsonbCell(jsonText(value));
    case 'boolean':
      return encodeBoolean(value);
    case 'bigint':
      return encodeBigint(value);
    case 'numeric':
      return encodeNumeric(value);
    case 'date':
      return encodeDate(value);
    case 'timestamptz':
      return encodeTimestamp(value);
  }
}

export function isMisfit(encoded: Buffer | null | Misfit): encoded is Misfit {
  return encoded !== null && !Buffer.isBuffer(encoded);
}

/** `jsonb` in binary form: a version, then the text. */
export function jsonbCell(text: string): Buffer {
  return Buffer.from(`\u0001${text}`);
}

function encodeBoolean(value: Value): Buffer | Misfit {
  if (value.kind === 'boolean') return Buffer.from([value.value ? 1 : 0]);
  if (value.kind === 'string' && /^(true|false)$/i.test(value.text))
    return Buffer.from([/^t/i.test(value.text) ? 1 : 0]);
  return { sqlstate: INVALID_TEXT, reason: 'the value is no boolean' };
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

function encodeBigint(value: Value): Buffer | Misfit {
  const decimal = decimalOf(value);
  if (decimal === undefined) return { sqlstate: INVALID_TEXT, reason: 'the value is no integer' };
  const [whole = '', fraction = ''] = decimal.split('.');
  if (/[1-9]/.test(fraction)) return { sqlstate: INVALID_TEXT, reason: 'the number is no integer' };
  const out = Buffer.alloc(8);
  if (writeBigint(Buffer.from(whole), 0, whole.length, out, 0) > 0) return out;
  const integer = whole.length > 40 ? undefined : BigInt(whole);
  if (integer === undefined || integer < INT64_MIN || integer > INT64_MAX) return INTEGER_TOO_LARGE;
  out.writeBigInt64BE(integer);
  return out;
}

/** An integer beyond 64 bits: no error of the record, the column has to become `numeric`. */
export const INTEGER_TOO_LARGE: Misfit = {
  sqlstate: NUMERIC_OUT_OF_RANGE,
  reason: 'the integer is beyond the 64 bits of its column',
};

/** PostgreSQL's limit of `numeric`: digits after the decimal point. */
const FRACTION_DIGITS_MAX = 16_383;

function encodeNumeric(value: Value): Buffer | Misfit {
  if ((value.kind === 'number' || value.kind === 'string') && isSpecialNumber(value.text)) {
    const out = Buffer.alloc(8);
    out.writeUInt16BE(NUMERIC_SPECIAL[value.text] ?? 0, 4);
    return out;
  }
  const decimal = decimalOf(value);
  if (decimal === undefined) return { sqlstate: INVALID_TEXT, reason: 'the value is no number' };
  const [whole = '', fraction = ''] = decimal.split('.');
  if (whole.length > WHOLE_DIGITS_MAX || fraction.length > FRACTION_DIGITS_MAX) {
    return { sqlstate: NUMERIC_OUT_OF_RANGE, reason: 'the number has more digits than PostgreSQL holds' };
  }
  const source = Buffer.from(decimal);
  const out = Buffer.alloc(source.length + 16);
  return out.subarray(0, writeNumeric(source, 0, source.length, out, 0));
}

const NO_DATE: Misfit = { sqlstate: INVALID_DATETIME, reason: 'the value is no date' };
const NO_TIMESTAMP: Misfit = { sqlstate: INVALID_DATETIME, reason: 'the value is no date and time' };
const OUT_OF_RANGE: Misfit = { sqlstate: DATETIME_OVERFLOW, reason: 'there is no such day in PostgreSQL' };

/** A year of four digits, or of more with or without a sign. */
const DAY = String.raw`([+-]?\d{4,6})-(\d\d)-(\d\d)`;
const TIME = String.raw`(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?`;
const ZONE = String.raw`(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?`;
const DATE = new RegExp(`^${DAY}(?:[T ]00:00(?::00(?:\\.0+)?)?(?:Z|[+-]00:?00)?)?$`, 'i');
/** tap-mysql writes the zone twice. */
const TIMESTAMP = new RegExp(`^${DAY}(?:[T ]+${TIME} ?${ZONE}(?:\\+00:00)?)?$`, 'i');

/** PostgreSQL's own words for before and after all times; in binary they are the least and the greatest number. */
const INFINITY = /^([+-]?)infinity$/i;
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

const DAYS_TO_2000 = 10_957;
/** 4714-11-24 BC to 5874897-12-31: the years that `date` holds; JSON's are within six digits. */
const FIRST_DAY = civilDays(-4713, 11, 24);
/** PostgreSQL's `timestamptz` ends with the year 294276. */
const END_OF_TIMESTAMPS = civilDays(294_277, 1, 1);

function encodeDate(value: Value): Buffer | Misfit {
  if (value.kind !== 'string') return NO_DATE;
  const text = value.text.trim();
  const out = Buffer.alloc(4);
  if (writeDate(Buffer.from(text), 0, text.length, out, 0) > 0) return out;
  const end = INFINITY.exec(text);
  if (end !== null) {
    out.writeInt32BE(end[1] === '-' ? INT32_MIN : INT32_MAX);
    return out;
  }
  const parts = DATE.exec(text) ?? DATE.exec(isoSpelling(text) ?? '');
  if (parts === null)
    return TIMESTAMP.test(isoSpelling(text) ?? text) ? { ...NO_DATE, reason: 'the value has a time of day' } : NO_DATE;
  const days = dayNumber(parts);
  if (days === undefined) return OUT_OF_RANGE;
  writeInt32(out, 0, days - DAYS_TO_2000);
  return out;
}

/** Days since 1970, undefined when there is no such day. The year 0 of ISO 8601 is 1 BC, but sources write it for "no date". */
function dayNumber(parts: RegExpExecArray): number | undefined {
  const [year = 0, month = 0, day = 0] = parts.slice(1, 4).map(Number);
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const days = civilDays(year, month, day);
  return days < FIRST_DAY || days >= END_OF_TIMESTAMPS ? undefined : days;
}

function encodeTimestamp(value: Value): Buffer | Misfit {
  if (value.kind !== 'string') return NO_TIMESTAMP;
  const text = value.text.trim();
  const out = Buffer.alloc(8);
  if (writeTimestamp(Buffer.from(text), 0, text.length, out, 0) > 0) return out;
  const end = INFINITY.exec(text);
  if (end !== null) {
    out.writeBigInt64BE(end[1] === '-' ? INT64_MIN : INT64_MAX);
    return out;
  }
  const parts = TIMESTAMP.exec(text) ?? TIMESTAMP.exec(isoSpelling(text) ?? '');
  if (parts === null) return NO_TIMESTAMP;
  const days = dayNumber(parts);
  const [hour = 0, minute = 0, second = 0] = parts.slice(4, 7).map((part) => Number(part ?? 0));
  const offset = zoneSeconds(parts[8]);
  // 24:00 ends a day and 60 is a leap second: both are the next moment.
  const isTime = minute < 60 && second <= 60 && (hour < 24 || (hour === 24 && minute === 0 && second === 0));
  if (days === undefined || !isTime || offset === undefined) return OUT_OF_RANGE;
  const seconds = BigInt(days - DAYS_TO_2000) * 86_400n + BigInt(hour * 3_600 + minute * 60 + second - offset);
  out.writeBigInt64BE(seconds * 1_000_000n + microseconds(parts[7] ?? ''));
  return out;
}

/** No zone means UTC. PostgreSQL takes offsets below 16 hours. */
function zoneSeconds(zone: string | undefined): number | undefined {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const [hours = 0, minutes = 0, seconds = 0] = (zone.slice(1).replaceAll(':', '').match(/../g) ?? []).map(Number);
  if (hours > 15 || minutes > 59 || seconds > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3_600 + minutes * 60 + seconds);
}

/** Nanoseconds are rounded to microseconds, halves up. */
function microseconds(fraction: string): bigint {
  const micros = BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return (fraction[6] ?? '0') >= '5' ? micros + 1n : micros;
}
