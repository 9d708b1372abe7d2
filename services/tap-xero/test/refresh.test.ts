import { emptyState, type JsonObject, type State } from '@pipeline/singer';
import { clientOf, readStream, type StreamRead, uncached } from '@pipeline/tap-kit/testing';
import { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';

const DAY_MS = 86_400_000;
const STARTED = Date.UTC(2026, 5, 15, 12);
const REFRESH_DAYS = 7;

/** Xero with one contact and one open invoice, which change without a new modified date: a read since then brings neither. */
function quietXero() {
  const invoice = { InvoiceID: 'i', Status: 'AUTHORISED', SentToContact: false };
  const contact = { ContactID: 'c', IsSupplier: false };
  const asked: string[] = [];
  const list = (name: string, row: JsonObject): JsonObject => ({
    pagination: { pageCount: 1, itemCount: 1 },
    [name]: [row],
  });
  const http = clientOf(async ({ path, headers = {}, query = {} }) => {
    if (path === 'connections') return [{ tenantId: 't', tenantType: 'ORGANISATION', tenantName: 'Books' }];
    const name = path.split('/').at(-1) ?? '';
    asked.push(
      [name, query['where'] ?? 'all', headers['If-Modified-Since'] === undefined ? 'ever' : 'since'].join(' '),
    );
    if (headers['If-Modified-Since'] !== undefined) return { pagination: { pageCount: 0, itemCount: 0 }, [name]: [] };
    return name === 'Invoices' ? list(name, { ...invoice }) : list(name, { ...contact });
  });
  return { invoice, contact, asked, http };
}

/** Reads a stream at once, then a day and {@link REFRESH_DAYS} later: what each read brought. */
async function readsOf(name: string, xero: ReturnType<typeof quietXero>, settings = {}) {
  const stream = tap.streams.find((one) => one.name === name);
  if (stream === undefined) throw new Error(`no ${name}`);
  const session = {
    ...{ http: xero.http, cached: uncached, account: undefined },
    settings: Settings.parse({
      client_id: 'c',
      client_secret: 's',
      refresh_token: 'r',
      pacing: 'off',
      ...settings,
    }),
  };
  let state: State = emptyState();
  const reads: StreamRead[] = [];
  for (const days of [0, 1, REFRESH_DAYS]) {
    const startedAt = new Date(STARTED + days * DAY_MS).toISOString();
    const read = await readStream(session, stream, { state, startedAt, fullReadIntervalSeconds: 365 * 86_400 });
    state = read.state;
    reads.push(read);
    Object.assign(xero.invoice, { SentToContact: true });
    Object.assign(xero.contact, { IsSupplier: true });
  }
  return reads.map(({ steps }) =>
    steps.flatMap((step) => ('records' in step && step.stream === name ? step.records : [])),
  );
}

describe('what changes without a new modified date', () => {
  it('comes with the next refresh: invoices that are open, and all contacts', async () => {
    const xero = quietXero();
    const [first, nextDay, nextWeek] = await readsOf('invoices', xero);
    expect(first).toMatchObject([{ SentToContact: false }]);
    expect(nextDay).toEqual([]);
    expect(nextWeek).toMatchObject([{ SentToContact: true }]);
    expect(xero.asked.at(-1)).toBe('Invoices Status=="AUTHORISED" ever');
    const contacts = await readsOf('contacts', quietXero());
    expect(contacts[2]).toMatchObject([{ IsSupplier: true }]);
  });

  it('would stay as it was without a refresh (mutation)', async () => {
    const reads = await readsOf('invoices', quietXero(), { refresh_minutes: 525_600 });
    expect(reads[2]).toEqual([]);
  });
});
