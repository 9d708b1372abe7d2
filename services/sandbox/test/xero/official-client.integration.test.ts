import { createRequire } from 'node:module';
import { XeroClient } from 'xero-node';
import { type Sandbox, startSandbox } from '../../src/sandbox.ts';

/** Xero's own client reads the imitation: it knows the API's paths, forms and dates. */
let sandbox: Sandbox;
let client: XeroClient;
let tenant: string;
let undo: () => void;

beforeAll(async () => {
  sandbox = await startSandbox({ deals: 120, only: ['xero'], rateLimitFactor: 1_000_000 });
  undo = leadTo(sandbox.url('xero'));
  client = new XeroClient({ clientId: 'xero-sandbox-client', clientSecret: 'xero-sandbox-secret' });
  await client.refreshWithRefreshToken('xero-sandbox-client', 'xero-sandbox-secret', 'xero-sandbox-refresh-token');
  await client.updateTenants(false);
  tenant = client.tenants[0].tenantId;
});
afterAll(async () => {
  undo();
  await sandbox.stop();
});
afterEach(() => expect(sandbox.notImitated()).toEqual([]));

/** The client's hosts are fixed; its requests are led to the imitation. It is a CommonJS module and so must be the library it shares with this test. */
function leadTo(url: string): () => void {
  const { interceptors }: typeof import('axios').default = createRequire(import.meta.url)('axios');
  const id = interceptors.request.use((request) => {
    return { ...request, url: request.url?.replace(/^https:\/\/(?:api|identity)\.xero\.com/, url) ?? '' };
  });
  return () => interceptors.request.eject(id);
}

const rows = (stream: string) => [...sandbox.truth('xero', stream).rows];
const idsOf = (stream: string, id: string) =>
  rows(stream)
    .map((row) => row[id])
    .toSorted();
const sorted = (ids: (string | undefined)[]) => ids.toSorted();

it('refreshes its tokens, again and again', async () => {
  const first = client.readTokenSet().refresh_token;
  const next = await client.refreshWithRefreshToken('xero-sandbox-client', 'xero-sandbox-secret', first ?? '');
  expect(next.refresh_token).not.toBe(first);
});

it('finds the organisation', async () => {
  const { body } = await client.accountingApi.getOrganisations(tenant);
  expect(body.organisations?.map(({ organisationID }) => organisationID)).toEqual(
    idsOf('organisation', 'OrganisationID'),
  );
});

it('reads invoices with their lines, contacts and payments', async () => {
  const order = 'InvoiceID ASC';
  const all = { page: 1, pageSize: 1_000 };
  const { body } = await client.accountingApi.getInvoices(
    ...([
      tenant,
      undefined,
      undefined,
      order,
      undefined,
      undefined,
      undefined,
      undefined,
      all.page,
      true,
      false,
      4,
      false,
    ] as const),
    all.pageSize,
  );
  expect(sorted((body.invoices ?? []).map(({ invoiceID }) => invoiceID))).toEqual(idsOf('invoices', 'InvoiceID'));
  const lines = (body.invoices ?? []).flatMap(({ lineItems = [] }) => lineItems.map(({ lineItemID }) => lineItemID));
  expect(sorted(lines)).toEqual(idsOf('invoice_line_items', 'LineItemID'));
  const contacts = await client.accountingApi.getContacts(
    tenant,
    undefined,
    undefined,
    undefined,
    undefined,
    1,
    true,
    false,
    undefined,
    1_000,
  );
  expect(sorted((contacts.body.contacts ?? []).map(({ contactID }) => contactID))).toEqual(
    idsOf('contacts', 'ContactID'),
  );
  const payments = await client.accountingApi.getPayments(tenant, undefined, undefined, undefined, 1, 1_000);
  expect(sorted((payments.body.payments ?? []).map(({ paymentID }) => paymentID))).toEqual(
    idsOf('payments', 'PaymentID'),
  );
});

it('reads the ledger from entry to entry', async () => {
  const found: (string | undefined)[] = [];
  let offset = 0;
  for (;;) {
    const { body } = await client.accountingApi.getJournals(tenant, undefined, offset);
    const journals = body.journals ?? [];
    if (journals.length === 0) break;
    found.push(...journals.map(({ journalID }) => journalID));
    offset = Number(journals.at(-1)?.journalNumber);
  }
  expect(sorted(found)).toEqual(idsOf('journals', 'JournalID'));
});

it('reads reports', async () => {
  const date = String(rows('report_trial_balance')[0]?.['Period']);
  const { body } = await client.accountingApi.getReportTrialBalance(tenant, date);
  const sections = body.reports?.[0]?.rows ?? [];
  const lines = sections.flatMap((section) => (section.rows ?? []).filter(({ rowType }) => String(rowType) === 'Row'));
  expect(lines).toHaveLength(rows('report_trial_balance').filter(({ Period }) => Period === date).length);
});
