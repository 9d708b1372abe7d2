import { limitsNow } from '../src/index.ts';

const limits = [
  { name: 'minute', left: null, of: 60, resetsAt: null },
  { name: 'day', left: null, of: 5_000, resetsAt: null },
];
const level = { tokens: 1_000, ageMs: 0, blockedUntil: null };
const connection = { name: 'xero', source: 'xero', accountId: '7', isAlone: false };

describe('what is left of the daily limit', () => {
  it('comes first, is what the account has, and grows with time up to the limit', () => {
    const left = (levels: (typeof level & { owner: string })[]) => limitsNow(limits, connection, levels)[0];
    expect(left([{ ...level, owner: 'xero/7' }])).toMatchObject({ name: 'day', left: 1_000, of: 5_000 });
    expect(left([{ ...level, owner: 'xero/7', ageMs: 43_200_000 }])).toMatchObject({ left: 3_500 });
    expect(left([{ ...level, owner: 'xero/7', ageMs: 10 * 86_400_000 }])).toMatchObject({ left: 5_000 });
    expect(left([{ ...level, owner: 'xero/7', tokens: -3 }])).toMatchObject({ left: 0 });
  });

  it('is nothing while the source holds the account back, until then', () => {
    const blockedUntil = new Date('2026-11-28T00:00:00Z');
    expect(limitsNow(limits, connection, [{ ...level, owner: 'xero/7', blockedUntil }])[0]).toMatchObject({
      ...{ left: 0, resetsAt: '2026-11-28T00:00:00.000Z' },
    });
  });

  it('is the least of several organisations, if the source has one connection, and never that of another', () => {
    const levels = [
      { ...level, owner: 'xero/a' },
      { ...level, owner: 'xero/b', tokens: 70 },
    ];
    expect(limitsNow(limits, { ...connection, isAlone: true }, levels)[0]).toMatchObject({ left: 70 });
    expect(limitsNow(limits, connection, levels)).toContainEqual({ ...limits[1] });
  });
});
