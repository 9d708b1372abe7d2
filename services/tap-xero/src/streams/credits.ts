import { column } from '@pipeline/singer';
import { childTable } from '../records/child-rows.ts';
import { ALLOCATION, CONTACT_REFERENCE, TOTALS } from '../records/columns.ts';
import { lineTables } from '../records/lines.ts';
import { documentStream } from './document-stream.ts';

const COMMON = {
  Type: column.string,
  Status: column.string,
  ContactID: column.string,
  Date: column.date,
  Reference: column.string,
  LineAmountTypes: column.string,
  ...TOTALS,
  RemainingCredit: column.number,
  AppliedAmount: column.number,
  CurrencyCode: column.string,
  CurrencyRate: column.number,
  HasAttachments: column.boolean,
  Payments: column.array,
  UpdatedDateUTC: column.dateTime,
};

/** Credit notes of sales and purchases, with what was set off against which invoice. */
export const creditNotes = creditStream({
  stream: 'credit_notes',
  name: 'CreditNotes',
  id: 'CreditNoteID',
  document: 'credit_note',
  pace: 'fast',
  scope: 'accounting.invoices.read',
  columns: {
    CreditNoteNumber: column.string,
    DueDate: column.date,
    FullyPaidOnDate: column.date,
    SentToContact: column.boolean,
    BrandingThemeID: column.string,
    CISDeduction: column.number,
    CISRate: column.number,
    InvoiceAddresses: column.array,
  },
});

/** More was paid than was owed. */
export const overpayments = creditStream({
  stream: 'overpayments',
  name: 'Overpayments',
  id: 'OverpaymentID',
  document: 'overpayment',
  pace: 'hourly',
  scope: 'accounting.payments.read',
  columns: {},
});

/** Money that came before its invoice. */
export const prepayments = creditStream({
  stream: 'prepayments',
  name: 'Prepayments',
  id: 'PrepaymentID',
  document: 'prepayment',
  pace: 'hourly',
  scope: 'accounting.payments.read',
  columns: { InvoiceNumber: column.string, BrandingThemeID: column.string },
});

/** The lines of these documents have no id, so they are known by their place. `ID` repeats the document's own. */
function creditStream(form: {
  stream: string;
  name: string;
  id: string;
  document: string;
  pace: 'fast' | 'hourly';
  scope: string;
  columns: Record<string, { type: string[] }>;
}) {
  const { document, id, scope, columns, ...rest } = form;
  return documentStream({
    ...rest,
    id,
    paging: 'pages',
    query: { unitdp: 4 },
    replicationKey: 'UpdatedDateUTC',
    references: CONTACT_REFERENCE,
    without: ['LineItems', 'Allocations', 'ID'],
    scopes: [`${scope}|accounting.transactions.read`],
    children: [
      ...lineTables(document, id, false),
      childTable({
        stream: `${document}_allocations`,
        property: 'Allocations',
        parentId: id,
        columns: ALLOCATION,
        references: { Invoice: { id: 'InvoiceID', column: 'InvoiceID' } },
      }),
    ],
    columns: { ...COMMON, ...columns },
  });
}
