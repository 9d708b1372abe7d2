import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, type HttpClient } from '@pipeline/tap-kit';
import { REPLICATION_KEY, readIncrementally } from '../incremental.ts';
import { fetchList } from '../list.ts';
import { toRecord } from '../record.ts';
import type { XeroSettings } from '../settings.ts';

/** The chart of accounts, archived accounts too. */
export const accounts = defineStream<XeroSettings>({
  name: 'accounts',
  keyProperties: ['AccountID'],
  replication: { method: 'INCREMENTAL', key: REPLICATION_KEY },
  schema: objectSchema({
    AccountID: column.key,
    Code: column.string,
    Name: column.string,
    Type: column.string,
    Status: column.string,
    Class: column.string,
    Description: column.string,
    TaxType: column.string,
    BankAccountNumber: column.string,
    BankAccountType: column.string,
    CurrencyCode: column.string,
    SystemAccount: column.string,
    ReportingCode: column.string,
    ReportingCodeName: column.string,
    EnablePaymentsToAccount: column.boolean,
    ShowInExpenseClaims: column.boolean,
    AddToWatchlist: column.boolean,
    HasAttachments: column.boolean,
    UpdatedDateUTC: column.dateTime,
  }),
  read: (context) =>
    readIncrementally(context, {
      stream: 'accounts',
      rows: (modifiedSince) => wholeList(context.http, modifiedSince),
      recordOf: toRecord,
    }),
});

/** Xero answers the chart of accounts in one piece and would answer it again for every page asked for. */
async function* wholeList(http: HttpClient, modifiedSince: string | undefined): AsyncGenerator<JsonObject[], void> {
  const { rows } = await fetchList(http, { name: 'Accounts', modifiedSince });
  yield rows;
}
