import type { Random } from '../../random.ts';
import { CITIES, COMPANY_KINDS, COMPANY_WORDS, FIRST_NAMES, LAST_NAMES } from '../names.ts';
import { scramble } from './scramble.ts';

export interface Contact {
  status: 'ACTIVE' | 'ARCHIVED';
  name: string;
  firstName: string;
  lastName: string;
  email: string;
  accountNumber: string | undefined;
  taxNumber: string | undefined;
  phone: string;
  city: string;
  postalCode: string;
  isCustomer: boolean;
  isSupplier: boolean;
  /** Default currency. Undefined: the organisation's. */
  currency: string | undefined;
}

/** Of twenty contacts thirteen only buy, five only sell, two do both. */
export function contactRole(row: number): Pick<Contact, 'isCustomer' | 'isSupplier'> {
  const role = scramble(row) % 20;
  return { isCustomer: role < 13 || role >= 18, isSupplier: role >= 13 };
}

export function makeContact(random: Random, row: number): Contact {
  const firstName = random.pick(FIRST_NAMES);
  const lastName = random.pick(LAST_NAMES);
  const name = random.chance(0.8)
    ? `${random.pick(COMPANY_WORDS)} ${random.pick(COMPANY_KINDS)} ${row + 1}`
    : `${firstName} ${lastName} ${row + 1}`;
  const [city, postalCode] = random.pick(CITIES);
  return {
    status: random.chance(0.05) ? 'ARCHIVED' : 'ACTIVE',
    name,
    firstName,
    lastName,
    email: random.chance(0.9) ? `contact${row + 1}@example.com` : '',
    accountNumber: random.chance(0.3) ? `C-${row + 1000}` : undefined,
    taxNumber: random.chance(0.4)
      ? `${random.integer(100, 999)}-${random.integer(100, 999)}-${random.integer(100, 999)}`
      : undefined,
    phone: String(random.integer(200_0000, 999_9999)),
    city,
    postalCode,
    currency: currencyOf(random),
    ...contactRole(row),
  };
}

function currencyOf(random: Random): string | undefined {
  const draw = random.next();
  if (draw < 0.05) return 'USD';
  return draw < 0.1 ? 'AUD' : undefined;
}
