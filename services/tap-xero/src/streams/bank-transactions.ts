import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { REPLICATION_KEY, readIncrementally } from '../incremental.ts';
import { lineItemsOf, withoutLineItems } from '../line-items.ts';
import { type PagedList, readPages } from '../pages.ts';
import { toRecord, withIds } from '../record.ts';
import type { XeroSettings } from '../settings.ts';

/** `unitdp`: unit prices with four places instead of two. */
const list: PagedList = { name: 'BankTransactions', id: 'BankTransactionID', query: { unitdp: 4 } };

const lineItems = lineItemsOf('bank_transaction_line_items', 'BankTransactionID');

/** Money spent and received without an invoice. Deleted and voided ones stay, with their status. */
export const bankTransactions = defineStream<XeroSettings>({
  name: 'bank_transactions',
  keyProperties: ['BankTransactionID'],
  replication: { method: 'INCREMENTAL', key: REPLICATION_KEY },
  schema: objectSchema({
    BankTransactionID: column.key,
    Type: column.string,
    Status: column.string,
    ContactID: column.string,
    BankAccountID: column.string,
    Date: column.date,
    Reference: column.string,
    IsReconciled: column.boolean,
    LineAmountTypes: column.string,
    SubTotal: column.number,
    TotalTax: column.number,
    Total: column.number,
    CurrencyCode: column.string,
    CurrencyRate: column.number,
    PrepaymentID: column.string,
    OverpaymentID: column.string,
    Url: column.string,
    HasAttachments: column.boolean,
    UpdatedDateUTC: column.dateTime,
  }),
  children: [lineItems.shape],
  read: (context) =>
    readIncrementally(context, {
      stream: 'bank_transactions',
      rows: (modifiedSince) => readPages(context, list, modifiedSince),
      recordOf: bankTransactionRecord,
      child: lineItems,
    }),
});

function bankTransactionRecord(row: JsonObject): JsonObject {
  return withIds(toRecord(withoutLineItems(row)), {
    Contact: { id: 'ContactID', column: 'ContactID' },
    BankAccount: { id: 'AccountID', column: 'BankAccountID' },
  });
}
