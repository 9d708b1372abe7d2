import { FAULTS_MAX, Faults } from '../src/faults.ts';
import { Random } from '../src/random.ts';

const armed = (...inputs: Parameters<Faults['arm']>[0][]): Faults => {
  const faults = new Faults(new Random(1));
  for (const input of inputs) faults.arm(input);
  return faults;
};
const strikes = (faults: Faults, count: number, source = 'wrike', path = '/tasks'): boolean[] =>
  Array.from({ length: count }, () => faults.strike(source, path) !== undefined);

describe('Faults', () => {
  it('strike as often as asked, at every nth matching request', () => {
    const faults = armed({ kind: 'time-out', every: 3, count: 2 });
    expect(strikes(faults, 10)).toEqual([false, false, true, false, false, true, false, false, false, false]);
  });

  it('strike only their source and path', () => {
    const faults = armed({ kind: 'status', source: 'wrike', path: '^/tasks$', count: 10 });
    expect(strikes(faults, 1, 'xero')).toEqual([false]);
    expect(strikes(faults, 1, 'wrike', '/folders')).toEqual([false]);
    expect(strikes(faults, 1)).toEqual([true]);
  });

  it('let the next fault strike once one is spent', () => {
    const faults = armed({ kind: 'status', status: 429 }, { kind: 'status', status: 503 });
    const statuses = [1, 2, 3].map(() => faults.strike('wrike', '/x')?.status);
    expect(statuses).toEqual([429, 503, undefined]);
  });

  it('strike with the probability given', () => {
    const faults = armed({ kind: 'status', probability: 0.25, count: 1_000 });
    const hits = strikes(faults, 1_000).filter(Boolean).length;
    expect(hits).toBeGreaterThan(200);
    expect(hits).toBeLessThan(300);
  });

  it('are bounded in number and refuse nonsense', () => {
    const faults = armed(...Array.from({ length: FAULTS_MAX }, () => ({ kind: 'status' as const })));
    expect(() => faults.arm({ kind: 'status' })).toThrow(RangeError);
    faults.clear();
    expect(() => faults.arm({ kind: 'status', path: '(' })).toThrow('not a regular expression');
  });
});
