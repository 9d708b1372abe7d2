import { clientOf, type uncached } from '@pipeline/tap-kit/testing';
import { EGRESS_STEP_BYTES, Egress } from '../src/budget/egress.ts';
import { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';

const MORNING = '2026-06-15T08:00:00.000Z';
const EVENING = '2026-06-15T20:00:00.000Z';
const TOMORROW = '2026-06-16T00:00:01.000Z';

describe('the count of what organisations send', () => {
  it('is kept for each organisation and day', () => {
    const egress = new Egress();
    egress.receive('a', 10);
    egress.receive('b', 1);
    expect(egress.book('a', MORNING).today).toBe(10);
    egress.receive('a', 5);
    expect(egress.book('a', EVENING).today).toBe(15);
    expect(egress.book('b', EVENING).today).toBe(1);
    egress.receive('a', 7);
    expect(egress.book('a', TOMORROW).today).toBe(7);
    expect(egress.book('c', TOMORROW)).toEqual({ today: 0, isNews: false });
  });

  it('is news at each step, once', () => {
    const egress = new Egress();
    const news = [EGRESS_STEP_BYTES - 1, 1, 1, 2 * EGRESS_STEP_BYTES].map((bytes) => {
      egress.receive('a', bytes);
      return egress.book('a', MORNING).isNews;
    });
    expect(news).toEqual([false, true, false, true]);
  });
});

it('a read says what was received when it is much', async () => {
  const client = clientOf(async ({ path }) =>
    path === 'connections'
      ? [{ tenantId: 't', tenantType: 'ORGANISATION', tenantName: 'Books' }]
      : { pagination: { pageCount: 1, itemCount: 1 }, Payments: [{ PaymentID: 'p' }] },
  );
  const http: typeof client = {
    ...client,
    response: async (request) => ({ ...(await client.response(request)), bytes: EGRESS_STEP_BYTES }),
  };
  const kept = new Map<string, Promise<unknown>>();
  const cached: typeof uncached = <T>(key: string, _ttlMs: number, load: () => Promise<T>) => {
    const value = (kept.get(key) as Promise<T> | undefined) ?? load();
    kept.set(key, value);
    return value;
  };
  const context = {
    ...{ http, cached, bookmark: undefined, fullRead: true, startedAt: MORNING, isSelected: () => true },
    settings: Settings.parse({ client_id: 'c', client_secret: 's', refresh_token: 'r' }),
    signal: new AbortController().signal,
  };
  const notices: unknown[] = [];
  const payments = tap.streams.find(({ name }) => name === 'payments');
  for await (const item of payments?.read(context) ?? []) if (item.type === 'notice') notices.push(item);
  expect(notices).toEqual([
    {
      type: 'notice',
      stream: 'payments',
      code: 'XERO_EGRESS',
      message: expect.stringContaining('Books: 100.0 MB received today'),
    },
  ]);
});
