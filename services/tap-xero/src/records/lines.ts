import { type ChildTable, childTable, trackingTable } from './child-rows.ts';
import { LINE_ITEM } from './columns.ts';

/** The line items of a document and their tracking, as tables. Editing a document may replace them; they have no life without it.
 *  @param document `invoice`: the tables are `invoice_line_items` and `invoice_line_item_tracking`
 *  @param hasIds false where Xero has no ids of lines: their place in the document stands in for it */
export function lineTables(document: string, parentId: string, hasIds = true): ChildTable[] {
  const lines = childTable({
    stream: `${document}_line_items`,
    property: 'LineItems',
    parentId,
    ids: [hasIds ? 'LineItemID' : 'LineNumber'],
    columns: LINE_ITEM,
  });
  return [lines, trackingTable(lines, { stream: `${document}_line_item_tracking`, property: 'Tracking', parentId })];
}
