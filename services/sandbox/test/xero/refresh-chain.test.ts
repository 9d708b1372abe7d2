import { RefreshChain } from '../../src/xero/access/refresh-chain.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe('RefreshChain', () => {
  let now: number;
  let chain: RefreshChain;
  const create = () => new RefreshChain({ first: 'first', secret: 'secret', now: () => now });
  const use = (token: string): string => {
    const next = chain.redeem(token);
    if (next === undefined) throw new Error(`refused ${token}`);
    return next;
  };

  beforeEach(() => {
    now = 0;
    chain = create();
  });

  it('returns a new token for each one', () => {
    const second = use('first');
    const third = use(second);
    expect(new Set(['first', second, third]).size).toBe(3);
  });

  it('returns the same successor for the previous token until the grace is over', () => {
    const second = use('first');
    now = 30 * MINUTE_MS;
    expect(chain.redeem('first')).toBe(second);
    now += 1;
    expect(chain.redeem('first')).toBeUndefined();
    expect(chain.redeem(second)).toBeDefined();
  });

  it('refuses a token once its successor was used', () => {
    use(use('first'));
    expect(chain.redeem('first')).toBeUndefined();
  });

  it('refuses a token that lay unused for more than 60 days', () => {
    now = 60 * DAY_MS;
    const second = use('first');
    now += 60 * DAY_MS + 1;
    expect(chain.redeem(second)).toBeUndefined();
  });

  it('refuses tokens that it never issued', () => {
    expect(chain.redeem('')).toBeUndefined();
    expect(chain.redeem('1.AAAA')).toBeUndefined();
    const other = new RefreshChain({ first: 'first', secret: 'other', now: () => now });
    expect(chain.redeem(other.redeem('first') ?? '')).toBeUndefined();
  });

  it('knows the tokens that it issued before a restart', () => {
    const third = use(use('first'));
    chain = create();
    expect(chain.redeem(third)).toBeDefined();
  });
});
