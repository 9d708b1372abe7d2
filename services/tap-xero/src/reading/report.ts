import { isJsonObject, type Json, type JsonObject } from '@pipeline/singer';
import type { HttpRequest } from '@pipeline/tap-kit';
import { fetchList, type Reading } from './list.ts';
import type { Tenant } from './tenants.ts';

/** A line of a report that is no sum: sums follow from the lines. */
export interface ReportLine {
  [column: string]: Json | undefined;
  /** From 1, over the whole report. */
  LineNumber: number;
  Section: string | null;
  Name: string;
  AccountID: string | null;
  /** The numbers after the name; null where there is none. */
  cells: (Json | null)[];
}

export interface ReportRequest {
  /** `TrialBalance` */
  report: string;
  query: HttpRequest['query'];
}

/** Requests a report and flattens its tree of rows and cells. */
export async function fetchReport(
  context: Reading,
  tenant: Tenant,
  { report, query }: ReportRequest,
): Promise<ReportLine[]> {
  const { rows } = await fetchList(context, tenant, { path: `Reports/${report}`, listName: 'Reports', query });
  const lines: ReportLine[] = [];
  for (const { section, cells } of reportRows(rows[0])) {
    const [head, ...rest] = cells;
    if (head === undefined) continue;
    lines.push({
      LineNumber: lines.length + 1,
      Section: section,
      Name: textOf(head['Value']),
      AccountID: attributeOf(head, 'account'),
      cells: rest.map(({ Value: value }) => amount(value)),
    });
  }
  return lines;
}

/** The cells of every row of type `Row`, at any depth, with the title of the section it stands in. */
export function* reportRows(
  report: JsonObject | undefined,
  section: string | null = null,
): Generator<{ section: string | null; cells: JsonObject[] }> {
  for (const row of objectsIn(report?.['Rows'])) {
    const title = typeof row['Title'] === 'string' && row['Title'] !== '' ? row['Title'] : section;
    if (row['RowType'] === 'Row') yield { section, cells: objectsIn(row['Cells']) };
    else yield* reportRows(row, title);
  }
}

export function attributeOf(cell: JsonObject, id: string): string | null {
  const found = objectsIn(cell['Attributes']).find((attribute) => attribute['Id'] === id);
  return typeof found?.['Value'] === 'string' ? found['Value'] : null;
}

/** Amounts come as texts: digit for digit, without separators. */
export function amount(value: Json | undefined): Json | null {
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? JSON.rawJSON(value) : null;
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function objectsIn(list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter((item) => isJsonObject(item)) : [];
}
