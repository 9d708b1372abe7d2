import { checkAccount } from '../src/service/check-account.ts';
import { neverAborted } from './support/deps.ts';

const stream = (name: string, ...scopes: string[]) => ({
  ...{ name, keyProperties: ['id'], schema: {}, replication: { method: 'FULL_TABLE' } as const },
  ...{ about: { endpoint: `GET /${name}`, scopes }, read: async function* () {} },
});
const session = { settings: {}, account: { id: '1', name: 'Books' } };
const source = { connect: async () => session, keepAlive: async () => {}, endsAt: () => undefined, close: () => {} };

it('a check says which scopes are granted: those of the streams that can be read', async () => {
  const streams = [stream('invoices', 'sales.read'), stream('quotes', 'sales.read'), stream('ledger', 'ledger.read')];
  const tap = {
    streams: [...streams, stream('unasked', 'other.read')],
    http: () => ({ limits: [] }),
    check: async () => [
      { stream: 'invoices', isReadable: true },
      { stream: 'quotes', isReadable: false, reason: 'not in the plan' },
      { stream: 'ledger', isReadable: false, reason: 'no scope' },
    ],
  };
  const deps = { source, settings: {}, signals: { stop: neverAborted, abort: neverAborted } };
  const check = await checkAccount(tap as never, deps as never);
  expect(check).toMatchObject({ isOk: true, account: { name: 'Books' } });
  expect(check.scopes).toEqual([
    { name: 'sales.read', isGranted: true },
    { name: 'ledger.read', isGranted: false },
  ]);
  expect(check.streams.map(({ isReadable }) => isReadable)).toEqual([true, false, false]);
});
