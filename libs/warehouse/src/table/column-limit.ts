import { decimalOf } from '../rows/decimal.ts';
import type { Misfit } from '../rows/exact-value.ts';
import { jsonText } from '../rows/json-text.ts';
import type { Value } from '../rows/record-reader.ts';
import type { ColumnType } from './column-type.ts';

/** What a column holds less than its kind of value has: PostgreSQL would cut or round in silence. */
export interface Limit {
  fits: (value: Value) => boolean;
  /** What the column becomes when a value does not fit. */
  widensTo: ColumnType;
  misfit: Misfit;
}

const TOO_LONG: Misfit = { sqlstate: '22001', reason: 'the text is longer than its column allows' };
const NOT_EXACT: Misfit = { sqlstate: '22003', reason: 'the number does not fit its column without being rounded' };
const TOO_PRECISE: Misfit = { sqlstate: '22008', reason: 'the time has more fractional digits than its column' };

/** The limit of a type, as `format_type` spells it. Undefined when what it cannot hold is refused by PostgreSQL. */
export function limitOf(type: string): Limit | undefined {
  const [, name = type, first, second] =
    /^([a-z ]+?)(?:\((\d+)(?:,(-?\d+))?\))?(?: with(?:out)? time zone)?$/.exec(type) ?? [];
  const size = first === undefined ? undefined : Number(first);
  switch (name) {
    case 'smallint':
      return numeric((decimal) => isIntegerOf(decimal, 16n));
    case 'integer':
      return numeric((decimal) => isIntegerOf(decimal, 32n));
    case 'real':
      return numeric((decimal) => isDoubleOf(decimal, Math.fround(Number(decimal)), FLOAT_DIGITS));
    case 'double precision':
      return numeric((decimal) => isDoubleOf(decimal, Number(decimal), DOUBLE_DIGITS));
    case 'money':
      return numeric((decimal) => hasDigits(decimal, 17, 2));
    case 'numeric':
      return size === undefined
        ? undefined
        : numeric((decimal) => hasDigits(decimal, size - Number(second ?? 0), Number(second ?? 0)));
    case 'character varying':
    case 'character':
    case 'bit varying':
      return size === undefined ? undefined : text((value) => [...value].length <= size);
    case 'bit':
      return text((value) => value.length === (size ?? 1));
    case 'name':
      return text((value) => Buffer.byteLength(value) <= 63);
    case 'timestamp':
      return size === undefined ? undefined : time(size);
    default:
      return undefined;
  }
}

function numeric(holds: (decimal: string) => boolean): Limit {
  return {
    widensTo: 'numeric',
    misfit: NOT_EXACT,
    // What is no number PostgreSQL refuses.
    fits: (value) => {
      const decimal = decimalOf(value);
      return decimal === undefined || holds(decimal);
    },
  };
}

function text(holds: (text: string) => boolean): Limit {
  const fits = (value: Value) => holds(value.kind === 'string' ? value.text : jsonText(value));
  return { widensTo: 'text', misfit: TOO_LONG, fits };
}

function time(digits: number): Limit {
  return {
    widensTo: 'timestamptz',
    misfit: TOO_PRECISE,
    fits: (value) => {
      const fraction = value.kind === 'string' ? /:\d\d[.,](\d+)/.exec(value.text)?.[1] : undefined;
      return fraction === undefined || fraction.slice(0, 6).replace(/0+$/, '').length <= digits;
    },
  };
}

function isIntegerOf(decimal: string, bits: bigint): boolean {
  const [whole = '', fraction = ''] = decimal.split('.');
  if (/[1-9]/.test(fraction) || whole.length > 20) return false;
  const limit = 1n << (bits - 1n);
  const integer = BigInt(whole);
  return integer >= -limit && integer < limit;
}

const FLOAT_DIGITS = 6;
const DOUBLE_DIGITS = 15;

/** So many digits survive always; more if they are those that the number is printed with. */
function isDoubleOf(decimal: string, held: number, digits: number): boolean {
  const significant = decimal.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
  if (significant.length <= digits) return Number.isFinite(held);
  return decimalOf({ kind: 'number', text: String(held) }) === decimal;
}

function hasDigits(decimal: string, wholeMax: number, fractionMax: number): boolean {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  return whole.replace(/^0+/, '').length <= wholeMax && fraction.replace(/0+$/, '').length <= Math.max(fractionMax, 0);
}
