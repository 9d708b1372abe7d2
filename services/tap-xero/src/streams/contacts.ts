import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { REPLICATION_KEY, readIncrementally } from '../incremental.ts';
import { type PagedList, readPages } from '../pages.ts';
import { toRecord } from '../record.ts';
import type { XeroSettings } from '../settings.ts';

const list: PagedList = { name: 'Contacts', id: 'ContactID', query: { includeArchived: true } };

/** Customers and suppliers, archived and merged ones too. */
export const contacts = defineStream<XeroSettings>({
  name: 'contacts',
  keyProperties: ['ContactID'],
  replication: { method: 'INCREMENTAL', key: REPLICATION_KEY },
  schema: objectSchema({
    ContactID: column.key,
    MergedToContactID: column.string,
    ContactNumber: column.string,
    AccountNumber: column.string,
    ContactStatus: column.string,
    Name: column.string,
    FirstName: column.string,
    LastName: column.string,
    CompanyNumber: column.string,
    EmailAddress: column.string,
    ContactPersons: column.array,
    BankAccountDetails: column.string,
    TaxNumber: column.string,
    TaxNumberType: column.string,
    AccountsReceivableTaxType: column.string,
    AccountsPayableTaxType: column.string,
    Addresses: column.array,
    Phones: column.array,
    IsSupplier: column.boolean,
    IsCustomer: column.boolean,
    SalesDefaultLineAmountType: column.string,
    PurchasesDefaultLineAmountType: column.string,
    DefaultCurrency: column.string,
    XeroNetworkKey: column.string,
    SalesDefaultAccountCode: column.string,
    PurchasesDefaultAccountCode: column.string,
    SalesTrackingCategories: column.array,
    PurchasesTrackingCategories: column.array,
    PaymentTerms: column.object,
    ContactGroups: column.array,
    Website: column.string,
    BrandingTheme: column.object,
    BatchPayments: column.object,
    Discount: column.number,
    HasAttachments: column.boolean,
    UpdatedDateUTC: column.dateTime,
  }),
  read: (context) =>
    readIncrementally(context, {
      stream: 'contacts',
      rows: (modifiedSince) => readPages(context, list, modifiedSince),
      recordOf: contactRecord,
    }),
});

/** Without `Balances`: they change with every invoice, payment and day, but the contact's UpdatedDateUTC does not, so a copy of them
 *  would be wrong almost at once. The model `receivables` computes them from the invoices. */
function contactRecord({ Balances: _balances, ...row }: JsonObject): JsonObject {
  return toRecord(row);
}
