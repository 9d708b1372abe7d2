import { column } from '@pipeline/singer';

/** Columns that several tables share. */
export const LINE_ITEM = {
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
};

export const TOTALS = { SubTotal: column.number, TotalTax: column.number, Total: column.number };

export const CONTACT_REFERENCE = { Contact: { id: 'ContactID', column: 'ContactID' } };

export const ALLOCATION = {
  AllocationID: column.string,
  InvoiceID: column.string,
  Amount: column.number,
  Date: column.date,
  IsDeleted: column.boolean,
};
