import { column, type JsonObject, type JsonSchema, objectSchema } from '@pipeline/singer';
import { defineStream, malformedResponse, type Stream } from '@pipeline/tap-kit';
import { monthEnds, monthStart } from '../reading/months.ts';
import { type Brought, type Context, readTenants } from '../reading/read-tenants.ts';
import { fetchReport, type ReportLine } from '../reading/report.ts';
import type { Tenant } from '../reading/tenants.ts';
import type { Settings } from '../settings.ts';

/** What each account holds at the end of each month: a call for each month. */
export const trialBalance = reportStream({
  stream: 'report_trial_balance',
  report: 'TrialBalance',
  scope: 'accounting.reports.trialbalance.read',
  columns: { Debit: column.number, Credit: column.number, YTDDebit: column.number, YTDCredit: column.number },
  rowsOf: async function* (context, tenant, ends) {
    for (const date of ends) {
      const lines = await fetchReport(context, tenant, { report: 'TrialBalance', query: { date } });
      const rows = lines.map(({ cells: [debit, credit, ytdDebit, ytdCredit], ...line }) => {
        const amounts = { Debit: debit, Credit: credit, YTDDebit: ytdDebit, YTDCredit: ytdCredit };
        return { Period: date, ...line, ...amounts };
      });
      yield { rows: rows.map(defined) };
    }
  },
});

/** Income and expenses of each month: one call for all of them. */
export const profitAndLoss = reportStream({
  stream: 'report_profit_and_loss',
  report: 'ProfitAndLoss',
  scope: 'accounting.reports.profitandloss.read',
  columns: { Amount: column.number },
  rowsOf: (context, tenant, ends) =>
    byMonth(context, tenant, ends, {
      report: 'ProfitAndLoss',
      range: (last) => ({ fromDate: monthStart(last), toDate: last }),
    }),
});

/** Assets, liabilities and equity at the end of each month: one call for all of them. */
export const balanceSheet = reportStream({
  stream: 'report_balance_sheet',
  report: 'BalanceSheet',
  scope: 'accounting.reports.balancesheet.read',
  columns: { Amount: column.number },
  rowsOf: (context, tenant, ends) =>
    byMonth(context, tenant, ends, { report: 'BalanceSheet', range: (last) => ({ date: last }) }),
});

interface ReportForm {
  stream: string;
  report: string;
  scope: string;
  columns: Record<string, JsonSchema>;
  /** @param ends last days of the months, the newest first */
  rowsOf: (context: Context, tenant: Tenant, ends: string[]) => AsyncIterable<Brought>;
}

/** A report as rows: a line of the report in a month. Lines have no id, so their place in the report stands in for it. */
function reportStream({ stream, report, scope, columns, rowsOf }: ReportForm): Stream<Settings> {
  return defineStream<Settings>({
    name: stream,
    keyProperties: ['TenantID', 'Period', 'LineNumber'],
    replication: { method: 'FULL_TABLE' },
    schema: objectSchema({
      TenantID: column.key,
      Period: { type: ['string'], format: 'date' },
      LineNumber: { type: ['integer'] },
      Section: column.string,
      Name: column.string,
      AccountID: column.string,
      ...columns,
    }),
    about: {
      endpoint: `GET /api.xro/2.0/Reports/${report}`,
      scopes: [`${scope}|accounting.reports.read`],
      deletes: 'whole read',
      requestsIdle: report === 'TrialBalance' ? 12 : 1,
    },
    read: (context) =>
      readTenants(context, {
        stream,
        pace: 'daily',
        replicationKey: undefined,
        recordOf: (row, { id: TenantID }) => ({ TenantID, ...row }),
        children: [],
        rows: ({ tenant }) => rowsOf(context, tenant, monthEnds(context.startedAt, context.settings.report_months)),
      }),
  });
}

/** A report that compares months in columns: the newest first. @throws PipelineError `SOURCE_MALFORMED_RESPONSE` */
async function* byMonth(
  context: Context,
  tenant: Tenant,
  ends: string[],
  { report, range }: { report: string; range: (last: string) => Record<string, string> },
): AsyncGenerator<Brought, void> {
  const [last = ''] = ends;
  const periods = ends.length === 1 ? {} : { periods: ends.length - 1, timeframe: 'MONTH' };
  const lines = await fetchReport(context, tenant, { report, query: { ...range(last), ...periods } });
  yield { rows: lines.flatMap((line) => monthsOf(line, ends, report)) };
}

function monthsOf({ cells, ...line }: ReportLine, ends: string[], report: string): JsonObject[] {
  if (cells.length !== ends.length) {
    throw malformedResponse(report, `has ${cells.length} columns where ${ends.length} months were asked for`);
  }
  return ends.map((end, place) => defined({ Period: end, ...line, Amount: cells[place] }));
}

function defined(row: Record<string, JsonObject[string] | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? null])) as JsonObject;
}
