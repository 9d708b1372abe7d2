import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, pagesGuard, type Stream } from '@pipeline/tap-kit';
import { fetchList } from '../reading/list.ts';
import { type Brought, type Context, readTenants, type TenantRead } from '../reading/read-tenants.ts';
import { childTable, trackingTable } from '../records/child-rows.ts';
import { addTo } from '../records/record.ts';
import type { Settings } from '../settings.ts';

/** More pages of 100 entries than a day has calls. */
const PAGES_MAX = 10_000;

/** The general ledger. Entries are never changed: a correction reverses the old one and adds a new one. */
export const journals = journalStream({ stream: 'journals', entry: 'journal', isCash: false });

/** The entries that move money: the ledger on the cash basis. */
export const journalsCash = journalStream({ stream: 'journals_cash', entry: 'journal_cash', isCash: true });

/** Only the Advanced plan and custom connections made before April 2026 have the endpoint: who is refused it is told once a read, and nothing fails. */
function journalStream({
  stream,
  entry,
  isCash,
}: {
  stream: string;
  entry: string;
  isCash: boolean;
}): Stream<Settings> {
  const lines = childTable({
    stream: `${entry}_lines`,
    property: 'JournalLines',
    parentId: 'JournalID',
    ids: ['JournalLineID'],
    columns: {
      AccountID: column.string,
      AccountCode: column.string,
      AccountType: column.string,
      AccountName: column.string,
      Description: column.string,
      NetAmount: column.number,
      GrossAmount: column.number,
      TaxAmount: column.number,
      TaxType: column.string,
      TaxName: column.string,
      TrackingCategories: column.array,
    },
  });
  const tracking = trackingTable(lines, {
    stream: `${entry}_line_tracking`,
    property: 'TrackingCategories',
    parentId: 'JournalID',
  });
  const form = { without: new Set(['JournalLines']) };
  const children = [lines, tracking];
  return defineStream<Settings>({
    name: stream,
    keyProperties: ['TenantID', 'JournalID'],
    replication: { method: 'INCREMENTAL', key: 'CreatedDateUTC' },
    schema: objectSchema({
      TenantID: column.key,
      JournalID: column.key,
      JournalDate: column.date,
      JournalNumber: column.integer,
      CreatedDateUTC: column.dateTime,
      Reference: column.string,
      SourceID: column.string,
      SourceType: column.string,
    }),
    children: children.map(({ shape }) => shape),
    about: {
      endpoint: `GET /api.xro/2.0/Journals${isCash ? '?paymentsOnly=true' : ''}`,
      scopes: ['accounting.journals.read'],
      deletes: 'none: entries are reversed',
      requestsIdle: 1,
    },
    read: (context) =>
      readTenants(context, {
        stream,
        pace: 'hourly',
        replicationKey: 'CreatedDateUTC',
        recordOf: (row, { id: TenantID }) => addTo({ TenantID }, row, form),
        children,
        rows: (read) => entriesOf(context, read, isCash),
        mayBeRefused: true,
      }),
  });
}

/** Pages are cut by number, which only grows: whatever is added meanwhile comes at the end. The page of an interrupted read is the last number. */
async function* entriesOf(context: Context, read: TenantRead, isCash: boolean): AsyncGenerator<Brought, void> {
  const { tenant, modifiedSince } = read;
  let offset = read.firstPage - 1;
  const guard = pagesGuard('Journals');
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const query = { offset, ...(isCash ? { paymentsOnly: true } : {}) };
    const { rows } = await fetchList(context, tenant, { path: 'Journals', query, modifiedSince });
    const last = rows.reduce((highest, row) => Math.max(highest, numberOf(row)), offset);
    guard({ next: rows.length === 0 ? undefined : String(last), ids: rows.map((row) => String(row['JournalID'])) });
    if (rows.length > 0) yield { rows, page: last, hasNext: true };
    // Fewer than a hundred are no proof of the end, but nothing is.
    if (rows.length === 0) return;
    offset = last;
  }
}

function numberOf(row: JsonObject): number {
  const { JournalNumber: number } = row;
  return typeof number === 'number' ? number : 0;
}
