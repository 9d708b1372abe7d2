import { decimal, money } from '../company/decimal.ts';
import { type Line, lineAmount, lineTax } from '../company/line.ts';
import type { Company } from '../kinds/kind.ts';
import { REGIONS } from '../names.ts';
import { dateString, dotNetDate } from './dotnet-date.ts';
import type { Resource, Writing } from './resource.ts';

/** Tracking category "Region" and its options. */
export const TRACKING_CATEGORY_ID = '351953c4-8127-4009-88c3-f9cd8c9cbe9f';

export function writeLine(
  books: Pick<Company, 'accounts' | 'contacts'>,
  lineId: string,
  line: Line,
  { unitPlaces }: Writing,
): Record<string, unknown> {
  const account = books.accounts.get(line.account);
  return {
    Description: line.description,
    UnitAmount: unitPlaces === 4 ? decimal(line.unitAmount, 4) : money(Math.round(line.unitAmount / 100)),
    TaxType: lineTaxType(account.taxType, line),
    TaxAmount: money(lineTax(line)),
    LineAmount: money(lineAmount(line)),
    AccountCode: account.code,
    Tracking: writeTracking(line),
    Quantity: decimal(line.quantity, 4),
    LineItemID: lineId,
    AccountID: books.accounts.guids.of(line.account),
    ValidationErrors: [],
  };
}

export function lineTaxType(accountTaxType: string, line: Line): string {
  return line.isTaxed ? accountTaxType : 'NONE';
}

export function writeTracking({ region }: Pick<Line, 'region'>): Record<string, unknown>[] {
  if (region === undefined) return [];
  return [
    {
      Name: 'Region',
      Option: REGIONS[region],
      TrackingCategoryID: TRACKING_CATEGORY_ID,
      TrackingOptionID: trackingOptionId(region),
    },
  ];
}

export function trackingOptionId(region: number): string {
  return `ce205173-7387-4651-9726-2cf4c5405ba${region}`;
}

/** A contact inside another object: its id and its name of today. */
export function writeContactReference(
  books: Pick<Company, 'accounts' | 'contacts'>,
  contact: number,
): Record<string, unknown> {
  return {
    ContactID: books.contacts.guids.of(contact),
    Name: books.contacts.get(contact).name,
    Addresses: [],
    Phones: [],
    ContactGroups: [],
    ContactPersons: [],
    HasValidationErrors: false,
  };
}

/** `Date` and its twin `DateString`. Without a date there is no twin. */
export function writeDate(name: string, date: number | undefined): Record<string, unknown> {
  const twin = date === undefined ? {} : { [`${name}String`]: dateString(date) };
  return { ...twin, [name]: dotNetDate(date) };
}

/** The same fields for every resource that has a status. */
export function statusField<Item extends { status: string }>(): Resource<Item>['fields'] {
  return { Status: { read: (item) => item.status, isOptimised: true } };
}
