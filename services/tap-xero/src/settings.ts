import { z } from 'zod';

/** Read-only scopes of apps made since March 2026, and the broad ones of older apps: a custom connection tries one set after the other. */
const COMMON =
  'accounting.settings.read accounting.contacts.read accounting.budgets.read accounting.attachments.read accounting.journals.read';
export const SCOPES_GRANULAR = `${COMMON} accounting.invoices.read accounting.payments.read accounting.banktransactions.read accounting.manualjournals.read accounting.reports.aged.read accounting.reports.balancesheet.read accounting.reports.profitandloss.read accounting.reports.trialbalance.read`;
export const SCOPES_BROAD = `${COMMON} accounting.transactions.read accounting.reports.read`;
/** What every app may have: journals, budgets and attachments need more than a plain connection. */
export const SCOPES_BASIC =
  'accounting.settings.read accounting.contacts.read accounting.invoices.read accounting.payments.read accounting.banktransactions.read';

const READ_MINUTES = /^\s*(?:[a-z_]+:\d{1,5}(?:[\s,]+|$))*\s*$/;

export const Settings = z.object({
  client_id: z.string().min(1).describe('Client id of the Xero app.'),
  client_secret: z.string().min(1).describe('Client secret of the Xero app.'),
  refresh_token: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The first refresh token; newer ones are kept by the tap, a newly pasted one replaces them. Without one the app is a custom connection.',
    ),
  scopes: z
    .string()
    .min(1)
    .optional()
    .describe(
      'What a custom connection asks for, separated by spaces. By default the granular scopes, and if the connection lacks one, the broad ones, then the basic ones.',
    ),
  tenant_id: z
    .string()
    .min(1)
    .optional()
    .describe('Ids of the organisations to read, separated by commas. By default all that the app is connected to.'),
  start_date: z
    .union(
      [z.iso.datetime({ offset: true }), z.iso.date()],
      'expected an ISO day or instant: 2026-01-31, 2026-01-31T09:00:00Z',
    )
    .optional()
    .describe('What was last changed before this day or instant is not read. By default everything is read.'),
  lookback_minutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_440)
    .default(5)
    .describe('Every read reaches back this far before the last one began: covers clocks that disagree.'),
  requests_per_day: z.coerce
    .number()
    .int()
    .min(50)
    .optional()
    .describe(
      "Xero's daily limit for each organisation. By default it is learnt from Xero's responses: 1000 on the Starter plan, else 5000.",
    ),
  daily_budget_fraction: z.coerce
    .number()
    .min(0.05)
    .max(1)
    .default(0.8)
    .describe('Share of the daily limit that this tap may use; the rest is left to other apps.'),
  pacing: z
    .enum(['day', 'off'])
    .default('day')
    .describe(
      'day: each stream is read as often as the daily budget allows, fast-moving ones more often; off: every run reads every stream.',
    ),
  read_minutes: z
    .string()
    .regex(READ_MINUTES, 'must look like invoices:10 items:1440')
    .optional()
    .describe('Minutes between the reads of single streams, in the place of the budget: invoices:10 items:1440.'),
  refresh_minutes: z.coerce
    .number()
    .int()
    .min(1_440)
    .max(525_600)
    .default(10_080)
    .describe(
      'Longest time between two readings of all contacts, open invoices and accounts: some of their fields change without a new modified date.',
    ),
  report_months: z.coerce
    .number()
    .int()
    .min(1)
    .max(12)
    .default(12)
    .describe('Months that the reports cover, the current one included.'),
  base_url: z.url().default('https://api.xero.com').describe('Address of the API.'),
  identity_url: z.url().default('https://identity.xero.com').describe('Address of the token endpoint.'),
  login_url: z.url().default('https://login.xero.com').describe('Address of the consent page.'),
});
export type Settings = z.infer<typeof Settings>;

/** Minutes between reads that the operator wants, by stream. */
export function wantedMinutes({ read_minutes = '' }: Pick<Settings, 'read_minutes'>): Map<string, number> {
  const pairs = read_minutes.split(/[\s,]+/).filter(Boolean);
  return new Map(
    pairs.map((pair) => {
      const [stream = '', minutes = ''] = pair.split(':');
      return [stream, Number(minutes)];
    }),
  );
}
