import type { Kind } from '../company/kind.ts';

export const OPERATORS = [
  'BETWEEN',
  'CONTAINS_TOKEN',
  'EQ',
  'GT',
  'GTE',
  'HAS_PROPERTY',
  'IN',
  'LT',
  'LTE',
  'NEQ',
  'NOT_CONTAINS_TOKEN',
  'NOT_HAS_PROPERTY',
  'NOT_IN',
] as const;

export interface Filter {
  propertyName: string;
  operator: (typeof OPERATORS)[number];
  value?: string | undefined;
  highValue?: string | undefined;
  values?: string[] | undefined;
}

/** Whether a value passes a filter. Numbers and times are compared as numbers, everything else as text without regard to case. */
export function matches(filter: Filter, kind: Kind, value: string | null): boolean {
  const has = value !== null && value !== '';
  const order = (bound: string | undefined) => compare(value, bound ?? null, kind, filter.propertyName);
  const isOneOf = () => (filter.values ?? []).some((one) => order(one) === 0);
  const hasToken = () => tokens(value).includes((filter.value ?? '').toLowerCase());
  switch (filter.operator) {
    case 'HAS_PROPERTY':
      return has;
    case 'NOT_HAS_PROPERTY':
      return !has;
    case 'EQ':
      return has && order(filter.value) === 0;
    case 'NEQ':
      return order(filter.value) !== 0;
    case 'GT':
      return has && order(filter.value) > 0;
    case 'GTE':
      return has && order(filter.value) >= 0;
    case 'LT':
      return has && order(filter.value) < 0;
    case 'LTE':
      return has && order(filter.value) <= 0;
    case 'BETWEEN':
      return has && order(filter.value) >= 0 && order(filter.highValue) <= 0;
    case 'IN':
      return has && isOneOf();
    case 'NOT_IN':
      return !isOneOf();
    case 'CONTAINS_TOKEN':
      return has && hasToken();
    case 'NOT_CONTAINS_TOKEN':
      return !hasToken();
  }
}

/** The number behind a value of a number, date or time; undefined for other properties and for text that is none. */
export function numberOf(value: string | null, kind: Kind, propertyName: string): number | undefined {
  const type = kind.properties.find(({ name }) => name === propertyName)?.type;
  if (value === null || value === '' || (type !== 'number' && type !== 'date' && type !== 'datetime')) return undefined;
  const number = Number(value);
  if (!Number.isNaN(number)) return number;
  const time = type === 'number' ? Number.NaN : Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

function compare(value: string | null, bound: string | null, kind: Kind, propertyName: string): number {
  const [x, y] = [numberOf(value, kind, propertyName), numberOf(bound, kind, propertyName)];
  if (x !== undefined && y !== undefined) return x - y;
  const [a, b] = [(value ?? '').toLowerCase(), (bound ?? '').toLowerCase()];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function tokens(value: string | null): string[] {
  return (value ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u);
}
