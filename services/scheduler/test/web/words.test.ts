import { testNames } from '../../web/src/pages/models/node-name.ts';
import { changeText } from '../../web/src/pages/stream/change-text.ts';
import { timingText } from '../../web/src/parts/timing.ts';

describe('the words of the page', () => {
  it.each([
    [0, 'again and again'],
    [45, '45 s after the last run ended'],
    [300, '5 min after the last run ended'],
    [90, '1 m 30 s after the last run ended'],
    [7_200, '2 h after the last run ended'],
  ])('say an interval of %i seconds as people do', (seconds, text) => {
    expect(timingText({ kind: 'interval', seconds })).toBe(text);
  });

  it('say what became of a column, and take a kind of change that they do not know as it is', () => {
    const change = { column: 'cis_rate', change: 'widen_column', fromType: 'bigint', toType: 'numeric' };
    expect(changeText(change)).toBe('cis_rate: widened from bigint to numeric');
    expect(changeText({ ...change, change: 'add_column', fromType: null })).toBe('cis_rate: new column, numeric');
    expect(changeText({ column: null, change: 'some_day', fromType: null, toType: null })).toBe('some day');
  });

  it('call a test of a relationship by what it compares, any other by its own name', () => {
    const id = 'test.pipeline.relationships_x.f597092c09';
    const nameOf = testNames([
      { id, from: 'stg_xero__invoice_line_items', to: 'stg_xero__invoices', failures: 2, state: 'fail' },
    ]);
    expect(nameOf({ id, name: id })).toBe('invoice_line_items → invoices');
    expect(nameOf({ id: 'other', name: 'test.pipeline.unique_x.0123456789' })).toBe('unique_x');
  });
});
