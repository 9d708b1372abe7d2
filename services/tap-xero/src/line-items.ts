import { column, isJsonObject, type JsonObject, objectSchema } from '@pipeline/singer';
import type { ChildReader } from './incremental.ts';
import { toRecord } from './record.ts';

/** The line items of a document as a stream of their own. Editing a document may replace them; they have no life without it.
 *  @param parentKey the document's id: `InvoiceID` */
export function lineItemsOf(stream: string, parentKey: string): ChildReader {
  return {
    parentKey,
    shape: {
      name: stream,
      keyProperties: [parentKey, 'LineItemID'],
      schema: objectSchema({
        [parentKey]: column.key,
        LineItemID: column.key,
        Description: column.string,
        Quantity: column.number,
        UnitAmount: column.number,
        LineAmount: column.number,
        DiscountRate: column.number,
        DiscountAmount: column.number,
        TaxAmount: column.number,
        TaxType: column.string,
        AccountCode: column.string,
        AccountID: column.string,
        ItemCode: column.string,
        Item: column.object,
        Tracking: column.array,
      }),
    },
    recordsOf: (document) => {
      const lines = document['LineItems'];
      if (!Array.isArray(lines)) return [];
      return lines.filter(isJsonObject).map((line) => ({ [parentKey]: document[parentKey], ...toRecord(line) }));
    },
  };
}

/** A document without its line items. */
export function withoutLineItems(document: JsonObject): JsonObject {
  const { LineItems: _lines, ...rest } = document;
  return rest;
}
