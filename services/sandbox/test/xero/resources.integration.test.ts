import { z } from 'zod';
import { KINDS } from '../../src/xero/company/documents.ts';
import { CLIENT, connectionsIn, objectIn, startXeroServer, tokensIn, type XeroServer } from './xero-server.ts';

let xero: XeroServer;
afterEach(() => xero.stop());

const list = async (path: string, name = path.split(/[/?]/)[0] ?? '') => {
  const response = await xero.get(`api.xro/2.0/${path}`);
  expect([path, response.status]).toEqual([path, 200]);
  return z.array(z.looseObject({})).parse((await objectIn(response))[name]);
};
const encoded = encodeURIComponent;

describe('every resource', () => {
  beforeEach(async () => {
    xero = await startXeroServer({ rateLimitFactor: 1_000_000 });
  });

  it.each(KINDS.map(({ name }) => name))('%s is listed, and each object is there by its id', async (name) => {
    xero.clock.now += 1_000;
    const { idField } = KINDS.find((kind) => kind.name === name) ?? { idField: '' };
    const [first] = await list(`${name}?page=1`);
    expect(first?.[idField]).toBeDefined();
    expect(await list(`${name}/${encoded(String(first?.[idField]))}`)).toMatchObject([{ [idField]: first?.[idField] }]);
  });

  it('is spelled as clients spell it: Organisations, numbers in the place of ids, guid() in any case', async () => {
    xero.clock.now += 1_000;
    expect(await list('Organisations')).toHaveLength(1);
    const [invoice] = await list('Invoices?page=1&pageSize=1&where=Type%3D%3D%22ACCREC%22');
    expect(await list(`Invoices/${invoice?.['InvoiceNumber']}`)).toMatchObject([{ InvoiceID: invoice?.['InvoiceID'] }]);
    const contact = JSON.stringify(invoice?.['Contact']).slice(14, 50);
    const ofContact = await list(`Invoices?page=1&where=${encoded(`Contact.ContactID==guid("${contact}")`)}`);
    expect(ofContact.length).toBeGreaterThan(0);
    const [order] = await list('PurchaseOrders');
    expect(await list(`PurchaseOrders/${order?.['PurchaseOrderNumber']}`)).toHaveLength(1);
  });

  it('is ordered by several fields', async () => {
    const rows = await list(`Invoices?page=1&pageSize=100&order=${encoded('Status DESC, InvoiceNumber ASC')}`);
    const keys = rows.map((row) => [row['Status'], row['InvoiceNumber']] as [string, string]);
    const sorted = keys.toSorted(([a, x], [b, y]) => (a === b ? (x < y ? -1 : Number(x > y)) : a < b ? 1 : -1));
    expect(keys).toEqual(sorted);
  });

  it('ignores the page where there are none, and shows a hundred at most where it has no size', async () => {
    expect(await list('Items?page=2')).toEqual(await list('Items'));
    xero.clock.now += 1_000;
    expect(await objectIn(await xero.get('api.xro/2.0/Quotes?page=1'))).not.toHaveProperty('pagination');
  });

  it('shows members and lines only where one object is asked for', async () => {
    const [group] = await list('ContactGroups');
    expect(group?.['Contacts']).toEqual([]);
    const [single] = await list(`ContactGroups/${group?.['ContactGroupID']}`);
    expect(single?.['Contacts']).toHaveLength(3);
  });

  it('hides deleted transfers and archived categories unless asked', async () => {
    const archived = await list('TrackingCategories?includeArchived=true');
    expect(archived.length - (await list('TrackingCategories')).length).toBe(1);
  });

  it('agrees with itself: the ledger adds up, and the trial balance is its sum', async () => {
    const entries = [...(xero.api.truth().find(({ stream }) => stream === 'journal_lines')?.rows ?? [])];
    const cents = (value: unknown) => Math.round(Number((value as { rawJSON: string }).rawJSON) * 100);
    const byEntry = new Map<unknown, number>();
    const byAccount = new Map<unknown, number>();
    for (const { JournalID, AccountID, NetAmount } of entries) {
      byEntry.set(JournalID, (byEntry.get(JournalID) ?? 0) + cents(NetAmount));
      byAccount.set(AccountID, (byAccount.get(AccountID) ?? 0) + cents(NetAmount));
    }
    expect([...byEntry.values()].filter((sum) => sum !== 0)).toEqual([]);
    const [report] = await list('Reports/TrialBalance?date=2027-01-31', 'Reports');
    const text = JSON.stringify(report);
    for (const [account, sum] of byAccount) expect(text.includes(String(account))).toBe(sum !== 0);
  });
});

it('what is not imitated is told, in lists, reports and the ledger; the response comes all the same', async () => {
  const told: string[] = [];
  xero = await startXeroServer({ rateLimitFactor: 1_000_000, notImitated: (what) => void told.push(what) });
  for (const path of [
    'Invoices?page=1&wishes=all',
    'Journals?wishes=all',
    'Reports/TrialBalance?wishes=all',
    'Accounts',
  ]) {
    expect((await xero.get(`api.xro/2.0/${path}`)).status).toBe(200);
  }
  expect(told).toEqual([
    'GET /Invoices: parameter wishes',
    'GET /Journals: parameter wishes',
    'GET /Reports/TrialBalance: parameter wishes',
  ]);
});

describe('limits', () => {
  it('tell what is left of the day on a minute that is used up', async () => {
    xero = await startXeroServer({ callsPerDay: 1_000 });
    for (let call = 0; call < 60; call += 1) await xero.get('api.xro/2.0/Organisation');
    const refused = await xero.get('api.xro/2.0/Organisation');
    expect(refused.status).toBe(429);
    const { headers } = refused;
    expect(headers.get('x-rate-limit-problem')).toBe('minute');
    expect(headers.get('x-daylimit-remaining')).toBe('940');
    expect(headers.get('x-minlimit-remaining')).toBe('0');
  });

  it('let five calls be in progress', async () => {
    xero = await startXeroServer({ latencyMs: 200 });
    await xero.get('api.xro/2.0/Organisation');
    const all = await Promise.all(Array.from({ length: 6 }, () => xero.get('api.xro/2.0/Organisation')));
    const refused = all.filter(({ status }) => status === 429);
    expect(refused.map(({ headers }) => headers.get('x-rate-limit-problem'))).toEqual(['concurrent']);
    expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual([null]);
  });

  it('refuse the ledger where the plan does not include it', async () => {
    xero = await startXeroServer({ refusedScopes: ['accounting.journals.read'] });
    const refused = await xero.get('api.xro/2.0/Journals');
    expect([refused.status, await refused.json()]).toEqual([
      401,
      expect.objectContaining({ Detail: 'AuthorizationUnsuccessful' }),
    ]);
    expect((await xero.get('api.xro/2.0/ManualJournals')).status).toBe(200);
  });
});

describe('connections', () => {
  beforeEach(async () => {
    xero = await startXeroServer({ organisations: 2 });
  });

  it('keep their ids, and end one by one', async () => {
    const [one] = await connectionsIn(await xero.get('connections'));
    expect((await connectionsIn(await xero.get('connections')))[0]?.id).toBe(one?.id);
    expect((await xero.get('api.xro/2.0/Organisation')).status).toBe(200);
    const { authorization = '' } = await headersOf();
    const ended = await fetch(`${xero.url}/connections/${one?.id}`, { method: 'DELETE', headers: { authorization } });
    expect(ended.status).toBe(204);
    expect(await (await xero.get('connections')).json()).toHaveLength(1);
    expect((await xero.get('api.xro/2.0/Organisation')).status).toBe(403);
  });

  it('are none of another consent', async () => {
    expect(await (await xero.get('connections?authEventId=another')).json()).toEqual([]);
  });

  async function headersOf(): Promise<Record<string, string>> {
    const form = { grant_type: 'client_credentials', ...CLIENT };
    const { access_token } = await tokensIn(await xero.post('/connect/token', form));
    return { authorization: `Bearer ${access_token}` };
  }
});
