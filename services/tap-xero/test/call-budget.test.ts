import { CallBudget } from '../src/budget/call-budget.ts';
import { Settings } from '../src/settings.ts';

const settings = (more: object = {}) => Settings.parse({ client_id: 'c', client_secret: 's', ...more });
const at = (minutes: number) => new Date(Date.UTC(2026, 5, 15) + minutes * 60_000).toISOString();
const left = (remaining: number) => ({ headers: { 'x-daylimit-remaining': String(remaining) } });

function minutesBetween(budget: CallBudget, pace: 'fast' | 'hourly' | 'slow' | 'daily', name = 'invoices'): number {
  for (let minutes = 0; minutes <= 10_000; minutes += 1) {
    if (budget.due('t', { name, pace }, at(0), at(minutes)).isDue) return minutes;
  }
  return Number.POSITIVE_INFINITY;
}

describe('the budget of calls', () => {
  it('takes the Starter plan until Xero says that there is more', () => {
    const budget = new CallBudget(settings());
    expect(minutesBetween(budget, 'fast')).toBe(20);
    budget.learn('t', left(4_700));
    expect(minutesBetween(budget, 'fast')).toBe(4);
    budget.learn('t', left(900));
    expect(budget.due('t', { name: 'invoices', pace: 'fast' }, at(0), at(1)).reason).toContain('of 5000 calls');
  });

  it('reserves more of it for fast-moving streams than slow ones', () => {
    const budget = new CallBudget(settings());
    const all = (['fast', 'hourly', 'slow', 'daily'] as const).map((pace) => minutesBetween(budget, pace));
    expect(all).toEqual([20, 60, 360, 1_440]);
  });

  it('keeps a reserve: near it only fast streams are read, and those seldom', () => {
    const budget = new CallBudget(settings());
    budget.learn('t', left(200));
    expect(minutesBetween(budget, 'fast')).toBe(60);
    expect(minutesBetween(budget, 'hourly')).toBe(1_440);
    budget.learn('t', left(201));
    expect(minutesBetween(budget, 'fast')).toBe(20);
  });

  it('would spend the calls of other apps without a reserve (mutation)', () => {
    const budget = new CallBudget(settings({ daily_budget_fraction: 1 }));
    budget.learn('t', left(200));
    expect(minutesBetween(budget, 'fast')).toBeLessThan(20);
    expect(minutesBetween(budget, 'hourly')).toBeLessThan(60);
  });

  it('reads what was never read', () => {
    expect(new CallBudget(settings()).due('t', { name: 'x', pace: 'daily' }, undefined, at(0)).isDue).toBe(true);
  });

  it('does what the operator says of single streams, and of the limit', () => {
    const budget = new CallBudget(settings({ read_minutes: 'invoices:7, items:90' }));
    expect(minutesBetween(budget, 'fast')).toBe(7);
    expect(minutesBetween(budget, 'slow', 'items')).toBe(90);
    expect(minutesBetween(new CallBudget(settings({ requests_per_day: 2_000 })), 'fast')).toBe(10);
    expect(minutesBetween(new CallBudget(settings({ pacing: 'off' })), 'daily')).toBe(0);
    expect(() => settings({ read_minutes: 'invoices=7' })).toThrow('must look like');
  });
});
