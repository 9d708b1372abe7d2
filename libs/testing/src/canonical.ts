import type { Json } from '@pipeline/singer';

const DATE_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$/i;

/** A text that is the same for values that mean the same: an instant in any zone, a number with or without trailing zeros,
 *  an object in any order, null and absent. */
export function canonical(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return decimal(String(value));
  if (typeof value === 'string') return DATE_TIME.test(value) ? instant(value) : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (JSON.isRawJSON(value)) return decimal(value.rawJSON);
  const fields = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return `{${fields
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`)
    .sort()
    .join(',')}}`;
}

/** UTC with microseconds, which is all that PostgreSQL keeps. */
function instant(text: string): string {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const seconds = new Date(
    text
      .replace(' ', 'T')
      .replace(/\.\d+/, '')
      .replace(/([+-]\d\d)$/, '$1:00'),
  );
  if (Number.isNaN(seconds.getTime())) return JSON.stringify(text);
  return `${seconds.toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}

/** Digits without an exponent and without zeros that mean nothing. */
function decimal(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = digits
    .padStart(digits.length + Math.max(0, 1 - point), '0')
    .padEnd(Math.max(digits.length, point), '0');
  const split = Math.max(point, 1);
  const integer = padded.slice(0, split).replace(/^0+(?=\d)/, '');
  const rest = padded.slice(split).replace(/0+$/, '');
  const number = rest === '' ? integer : `${integer}.${rest}`;
  return number === '0' ? '0' : sign + number;
}
