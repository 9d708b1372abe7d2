import { childTable, trackingTable } from '../src/records/child-rows.ts';
import { lineTables } from '../src/records/lines.ts';

const parent = { TenantID: 't', InvoiceID: 'i' };

describe('child rows', () => {
  it('carry the tenant, the parent and their place', () => {
    const [lines] = lineTables('invoice', 'InvoiceID');
    const rows = lines?.rowsOf(parent, { LineItems: [{ LineItemID: 'a', Quantity: 1 }, { LineItemID: 'b' }] });
    expect(rows).toEqual([
      { TenantID: 't', InvoiceID: 'i', LineNumber: 1, LineItemID: 'a', Quantity: 1 },
      { TenantID: 't', InvoiceID: 'i', LineNumber: 2, LineItemID: 'b' },
    ]);
  });

  it('have a key even where Xero leaves the id of a line out: its place in the document', () => {
    const [lines, tracking] = lineTables('invoice', 'InvoiceID');
    const object = { LineItems: [{ LineItemID: 'a' }, { Tracking: [{ TrackingCategoryID: 'c', Option: 'North' }] }] };
    expect(lines?.rowsOf(parent, object).map((row) => row['LineItemID'])).toEqual(['a', 'line 2']);
    expect(tracking?.rowsOf(parent, object)).toEqual([
      { TenantID: 't', InvoiceID: 'i', LineItemID: 'line 2', TrackingCategoryID: 'c', Option: 'North' },
    ]);
  });

  it('are known by their place where Xero returns no id', () => {
    const lines = childTable({ stream: 'x', property: 'JournalLines', parentId: 'ManualJournalID', columns: {} });
    const tracking = trackingTable(lines, { stream: 'y', property: 'Tracking', parentId: 'ManualJournalID' });
    expect(lines.shape.keyProperties).toEqual(['TenantID', 'ManualJournalID', 'LineNumber']);
    expect(tracking.shape.keyProperties).toEqual(['TenantID', 'ManualJournalID', 'LineNumber', 'TrackingCategoryID']);
  });

  it('are none where the list is missing', () => {
    const [lines] = lineTables('invoice', 'InvoiceID');
    expect(lines?.rowsOf(parent, {})).toEqual([]);
    expect(lines?.rowsOf(parent, { LineItems: null })).toEqual([]);
  });
});
