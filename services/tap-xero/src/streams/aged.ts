import { column, type Json, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, type Stream } from '@pipeline/tap-kit';
import { fetchList } from '../reading/list.ts';
import { readPages } from '../reading/pages.ts';
import { type Brought, type Context, readTenants } from '../reading/read-tenants.ts';
import { amount, attributeOf, reportRows, textOf } from '../reading/report.ts';
import type { Tenant } from '../reading/tenants.ts';
import type { Settings } from '../settings.ts';

/** What each customer owes, by invoice. */
export const agedReceivables = agedStream('report_aged_receivables', 'AgedReceivablesByContact', 'ACCREC');

/** What is owed to each supplier, by bill. */
export const agedPayables = agedStream('report_aged_payables', 'AgedPayablesByContact', 'ACCPAY');

/** A call for each contact with an open document, which is why it is not read unless asked for: the models compute the same from the invoices. */
function agedStream(stream: string, report: string, type: 'ACCREC' | 'ACCPAY'): Stream<Settings> {
  return defineStream<Settings>({
    name: stream,
    keyProperties: ['TenantID', 'ContactID', 'LineNumber'],
    replication: { method: 'FULL_TABLE' },
    isSelectedByDefault: false,
    schema: objectSchema({
      TenantID: column.key,
      ContactID: column.key,
      LineNumber: { type: ['integer'] },
      InvoiceID: column.string,
      Date: column.date,
      DueDate: column.date,
      Reference: column.string,
      Total: column.number,
      Paid: column.number,
      Credited: column.number,
      Due: column.number,
    }),
    about: {
      endpoint: `GET /api.xro/2.0/Reports/${report}`,
      scopes: ['accounting.reports.aged.read|accounting.reports.read'],
      deletes: 'whole read',
    },
    read: (context) =>
      readTenants(context, {
        stream,
        pace: 'daily',
        replicationKey: undefined,
        recordOf: (row, { id: TenantID }) => ({ TenantID, ...row }),
        children: [],
        rows: ({ tenant }) => openDocuments(context, tenant, { report, type }),
      }),
  });
}

async function* openDocuments(
  context: Context,
  tenant: Tenant,
  { report, type }: { report: string; type: string },
): AsyncGenerator<Brought, void> {
  const date = context.startedAt.slice(0, 10);
  for (const contactId of await contactsWith(context, tenant, type)) {
    const query = { contactId, date };
    const { rows } = await fetchList(context, tenant, { path: `Reports/${report}`, listName: 'Reports', query });
    const lines = [...reportRows(rows[0])].map(({ cells }, place) => agedLine(contactId, place + 1, cells));
    yield { rows: lines };
  }
}

async function contactsWith(context: Context, tenant: Tenant, type: string): Promise<string[]> {
  const where = `Type=="${type}" AND Status=="AUTHORISED"`;
  const list = { name: 'Invoices', id: 'InvoiceID', query: { where, summaryOnly: true } };
  const found = new Set<string>();
  for await (const { rows } of readPages(context, { tenant, list, modifiedSince: undefined })) {
    for (const { Contact: contact } of rows) {
      const id =
        typeof contact === 'object' && contact !== null && 'ContactID' in contact ? contact['ContactID'] : undefined;
      if (typeof id === 'string') found.add(id);
    }
  }
  return [...found].sort();
}

/** Columns: date, reference, due date, nothing, total, paid, credited, due. */
function agedLine(ContactID: string, LineNumber: number, cells: JsonObject[]): JsonObject {
  const [date, reference, due, , total, paid, credited, open] = cells.map(({ Value: value }) => value);
  return {
    ContactID,
    LineNumber,
    InvoiceID: cells[0] === undefined ? null : attributeOf(cells[0], 'invoiceID'),
    Date: day(date),
    DueDate: day(due),
    Reference: textOf(reference),
    Total: amount(total),
    Paid: amount(paid),
    Credited: amount(credited),
    Due: amount(open),
  };
}

/** `2024-01-31T00:00:00` */
function day(value: Json | undefined): string | null {
  const text = textOf(value).slice(0, 10);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text : null;
}
