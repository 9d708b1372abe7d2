import { patternsOf, selectedOf, toggled, toggledField } from '../../web/src/pages/connections/selection.ts';

const stream = (name: string, parent: string | null, isSelectedByDefault = true) => ({
  name,
  parent,
  isSelectedByDefault,
  replicationKey: null,
  keyProperties: ['id'],
  fields: ['id', 'amount', 'notes'].map((field) => ({ name: field, type: 'string' })),
  endpoint: null,
  scopes: [],
  deletes: null,
  requestsIdle: 1,
});
const STREAMS = [stream('deals', null), stream('deals_companies', 'deals'), stream('emails', null, false)];
const plain = (select: string[] | null) =>
  Object.fromEntries([...selectedOf(STREAMS, select)].map(([name, without]) => [name, [...without]]));

describe('the selection of streams', () => {
  it('is that of the tap until somebody chooses', () => {
    expect(plain(null)).toEqual({ deals: [], deals_companies: [] });
  });

  it('reads the patterns of config.yml: whole streams, wildcards, single fields, and what is left out', () => {
    expect(plain(['deals*', '!deals.notes'])).toEqual({ deals: ['notes'], deals_companies: [] });
    expect(plain(['emails.amount'])).toEqual({ emails: ['id', 'notes'] });
    expect(plain(['*', '!emails'])).toEqual({ deals: [], deals_companies: [] });
  });

  it('writes patterns that are read as the same selection', () => {
    const selected = toggledField(selectedOf(STREAMS, ['*']), 'deals', 'notes');
    expect(patternsOf(selected)).toEqual(['deals', '!deals.notes', 'deals_companies', 'emails']);
    expect(selectedOf(STREAMS, patternsOf(selected))).toEqual(selected);
  });

  it('takes the parent in with its child, and the child out with its parent', () => {
    const child = toggled(new Map(), STREAMS, 'deals_companies');
    expect([...child.keys()].toSorted()).toEqual(['deals', 'deals_companies']);
    expect([...toggled(child, STREAMS, 'deals').keys()]).toEqual([]);
  });
});
