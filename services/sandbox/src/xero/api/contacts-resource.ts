import type { Books } from '../company/books.ts';
import type { Contact } from '../company/contact.ts';
import { money } from '../company/decimal.ts';
import { dotNetDate } from './dotnet-date.ts';
import { type Resource, rowWhere, type Writing } from './resource.ts';

/** @param now epoch milliseconds: what is overdue depends on the day */
export function contactsResource(books: Books, now: () => number): Resource<Contact> {
  return {
    name: 'Contacts',
    typeName: 'Contact',
    idField: 'ContactID',
    collection: books.contacts,
    scopes: ['accounting.contacts'],
    paging: 'pages',
    hasModifiedSince: true,
    parameters: ['where', 'order', 'IDs', 'includeArchived', 'summaryOnly', 'searchTerm'],
    hidden: { unless: 'includeArchived', is: (contact) => contact.status === 'ARCHIVED' },
    rowOfNumber: (number) => rowWhere(books.contacts, (contact) => contact.accountNumber === number),
    fields: {
      ContactStatus: { read: (contact) => contact.status, isOptimised: true },
      Name: { read: (contact) => contact.name, isOptimised: true },
      EmailAddress: { read: (contact) => contact.email, isOptimised: true },
      AccountNumber: { read: (contact) => contact.accountNumber, isOptimised: true },
      FirstName: { read: (contact) => contact.firstName },
      LastName: { read: (contact) => contact.lastName },
      IsCustomer: { read: (contact) => contact.isCustomer },
      IsSupplier: { read: (contact) => contact.isSupplier },
    },
    listFilters: { IDs: 'ContactID' },
    write: (row, writing) => writeContact(books, row, writing, now()),
  };
}

function writeContact(books: Books, row: number, writing: Writing, now: number): Record<string, unknown> {
  const contact = books.contacts.get(row);
  return {
    ContactID: books.contacts.guids.of(row),
    ...(contact.accountNumber === undefined ? {} : { AccountNumber: contact.accountNumber }),
    ContactStatus: contact.status,
    Name: contact.name,
    FirstName: contact.firstName,
    LastName: contact.lastName,
    EmailAddress: contact.email,
    BankAccountDetails: '',
    ...(contact.taxNumber === undefined ? {} : { TaxNumber: contact.taxNumber }),
    Addresses: writeAddresses(contact),
    Phones: writePhones(contact),
    UpdatedDateUTC: dotNetDate(books.contacts.updatedAt(row)),
    ContactGroups: [],
    IsSupplier: contact.isSupplier,
    IsCustomer: contact.isCustomer,
    ...(contact.currency === undefined ? {} : { DefaultCurrency: contact.currency }),
    ...(writing.isSummary ? {} : { Balances: writeBalances(books, row, now) }),
    ContactPersons: writePersons(contact),
    HasAttachments: false,
    HasValidationErrors: false,
  };
}

export function writeAddresses(contact: Contact): Record<string, unknown>[] {
  const street = { City: contact.city, Region: '', PostalCode: contact.postalCode, Country: 'New Zealand' };
  return [
    { AddressType: 'STREET', ...street },
    { AddressType: 'POBOX', City: '', Region: '', PostalCode: '', Country: '' },
  ];
}

export function writePhones(contact: Contact): Record<string, unknown>[] {
  return [{ PhoneType: 'DEFAULT', PhoneNumber: contact.phone, PhoneAreaCode: '021', PhoneCountryCode: '64' }];
}

/** Whom to write to besides: contacts that have an account number have one. */
export function writePersons({ accountNumber, firstName, lastName }: Contact): Record<string, unknown>[] {
  if (accountNumber === undefined) return [];
  const EmailAddress = `${accountNumber.toLowerCase()}@example.com`;
  return [{ FirstName: lastName, LastName: firstName, EmailAddress, IncludeInEmails: accountNumber.endsWith('1') }];
}

/** What is owed today. It changes with every invoice and payment, and with the calendar, without touching the contact's UpdatedDateUTC. */
function writeBalances(books: Books, contact: number, now: number): Record<string, unknown> {
  const receivable = { outstanding: 0, overdue: 0 };
  const payable = { outstanding: 0, overdue: 0 };
  for (const row of books.invoicesOf(contact)) {
    const invoice = books.invoices.get(row);
    if (invoice.status !== 'AUTHORISED') continue;
    const balance = invoice.type === 'ACCREC' ? receivable : payable;
    const due = books.amountDue(invoice);
    balance.outstanding += due;
    if (invoice.dueDate !== undefined && invoice.dueDate < now) balance.overdue += due;
  }
  return {
    AccountsReceivable: { Outstanding: money(receivable.outstanding), Overdue: money(receivable.overdue) },
    AccountsPayable: { Outstanding: money(payable.outstanding), Overdue: money(payable.overdue) },
  };
}
