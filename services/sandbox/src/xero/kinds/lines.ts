import type { Random } from '../../random.ts';
import { type Tree, UnitPrice } from '../api/tree.ts';
import { lineTaxType, writeTracking } from '../api/write-parts.ts';
import { COST_ACCOUNTS, SALES_ACCOUNTS } from '../company/chart.ts';
import { decimal, money } from '../company/decimal.ts';
import { type Line, lineAmount, lineTax, makeLines, totals } from '../company/line.ts';
import type { Child, Company } from './kind.ts';

/** Lines of a new document. @param wholeCents for kinds whose unit prices are always written with two places */
export function drawLines(random: Random, isSale: boolean, wholeCents = false): Line[] {
  const lines = makeLines(random, random.integer(1, 3), isSale ? SALES_ACCOUNTS : COST_ACCOUNTS);
  return wholeCents ? lines.map((line) => ({ ...line, unitAmount: line.unitAmount - (line.unitAmount % 100) })) : lines;
}

/** @param idOf the line's id; undefined for kinds whose lines have none */
export function lineTrees(books: Company, lines: readonly Line[], idOf?: (part: number) => string): Tree[] {
  return lines.map((line) => {
    const account = books.accounts.get(line.account);
    return {
      Description: line.description,
      UnitAmount: new UnitPrice(line.unitAmount),
      TaxType: lineTaxType(account.taxType, line),
      TaxAmount: money(lineTax(line)),
      LineAmount: money(lineAmount(line)),
      AccountCode: account.code,
      AccountID: books.accounts.guids.of(line.account),
      Tracking: writeTracking(line),
      Quantity: decimal(line.quantity, 4),
      ...(idOf === undefined ? {} : { LineItemID: idOf(line.part) }),
    };
  });
}

/** `SubTotal`, `TotalTax` and `Total` of a document. */
export function totalFields(lines: readonly Line[]): Tree {
  const { subTotal, totalTax, total } = totals(lines);
  return { SubTotal: money(subTotal), TotalTax: money(totalTax), Total: money(total) };
}

/** The line items of a document as tables. @param hasIds false: rows are known by their place */
export function lineItems(document: string, hasIds: boolean): Child {
  return {
    property: 'LineItems',
    stream: `${document}_line_items`,
    key: [hasIds ? 'LineItemID' : 'LineNumber'],
    tracking: { stream: `${document}_line_item_tracking`, property: 'Tracking' },
  };
}

export function allocations(document: string): Child {
  return {
    property: 'Allocations',
    stream: `${document}_allocations`,
    key: ['LineNumber'],
    references: { Invoice: { id: 'InvoiceID', column: 'InvoiceID' } },
  };
}

/** A contact inside a document. */
export function contactTree(books: Company, contact: number): Tree {
  return { ContactID: books.contacts.guids.of(contact), Name: books.contacts.get(contact).name };
}

export const CONTACT = { Contact: { id: 'ContactID', column: 'ContactID' } };
