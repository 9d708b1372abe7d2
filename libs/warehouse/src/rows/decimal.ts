import type { Value } from './record-reader.ts';

/** PostgreSQL's limit of `numeric`: digits before the decimal point. */
export const WHOLE_DIGITS_MAX = 131_072;

const DECIMAL = /^\s*([+-]?)0*(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?\s*$/;

/** The number written out: no exponent, no leading zeros. Undefined when it is no number, or longer written out than any column could hold. */
export function decimalOf(value: Value): string | undefined {
  if (value.kind !== 'number' && value.kind !== 'string') return undefined;
  const parts = DECIMAL.exec(value.text);
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  const shift = Number(exponent);
  if (Math.abs(shift) > WHOLE_DIGITS_MAX) return `${'9'.repeat(WHOLE_DIGITS_MAX + 1)}`;
  const digits = whole + fraction;
  const point = whole.length + shift;
  const before = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const after = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  return `${sign === '-' ? '-' : ''}${before.replace(/^0+(?=\d)/, '')}${after === '' ? '' : `.${after}`}`;
}
