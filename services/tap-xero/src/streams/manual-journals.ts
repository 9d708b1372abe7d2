import { column } from '@pipeline/singer';
import { childTable, trackingTable } from '../records/child-rows.ts';
import { documentStream } from './document-stream.ts';

const journalLines = childTable({
  stream: 'manual_journal_lines',
  property: 'JournalLines',
  parentId: 'ManualJournalID',
  columns: {
    LineAmount: column.number,
    AccountCode: column.string,
    AccountID: column.string,
    Description: column.string,
    TaxType: column.string,
    TaxAmount: column.number,
    Tracking: column.array,
    IsBlank: column.boolean,
  },
});

/** Entries that a person makes by hand. Their lines have no id. */
export const manualJournals = documentStream({
  stream: 'manual_journals',
  name: 'ManualJournals',
  id: 'ManualJournalID',
  pace: 'hourly',
  paging: 'pages',
  replicationKey: 'UpdatedDateUTC',
  without: ['JournalLines'],
  scopes: ['accounting.manualjournals.read|accounting.transactions.read'],
  children: [
    journalLines,
    trackingTable(journalLines, {
      stream: 'manual_journal_line_tracking',
      property: 'Tracking',
      parentId: 'ManualJournalID',
    }),
  ],
  columns: {
    Narration: column.string,
    Date: column.date,
    Status: column.string,
    LineAmountTypes: column.string,
    Url: column.string,
    ShowOnCashBasisReports: column.boolean,
    HasAttachments: column.boolean,
    UpdatedDateUTC: column.dateTime,
  },
});
