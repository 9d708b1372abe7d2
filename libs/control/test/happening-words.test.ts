import { commandText, schemaText } from '../src/observe/happening-words.ts';

const event = { databaseSchema: 'hubspot', tables: ['deals'], columns: [], toType: null };

describe('what happened, in words', () => {
  it.each([
    [{ ...event, change: 'create_table' }, 'new table hubspot.deals'],
    [
      { ...event, change: 'create_table', tables: ['a', 'b', 'c', 'd', 'e'] },
      '5 new tables in hubspot: a, b, c and 2 more',
    ],
    [
      { ...event, change: 'add_column', columns: ['renewal_date'], toType: 'date' },
      'new column renewal_date, date, in hubspot.deals',
    ],
    [{ ...event, change: 'add_column', columns: ['a', 'b'] }, '2 new columns in hubspot.deals: a, b'],
    [
      { ...event, change: 'widen_column', columns: ['amount'], toType: 'numeric' },
      'column amount of hubspot.deals is numeric now',
    ],
    [{ ...event, change: 'change_key' }, 'the key of hubspot.deals has changed'],
  ])('says of %j: %s', (change, text) => {
    expect(schemaText(change)).toBe(text);
  });

  it.each([
    [
      'request-run',
      'pipeline_xero_to_postgres, pipeline_hubspot_to_postgres',
      1,
      'anna asked for a run of xero, hubspot',
    ],
    ['request-run', 'pipeline_xero_to_postgres/invoices', 3, 'anna asked for a run of xero.invoices (3 times)'],
    ['pause', 'all', 1, 'anna paused all'],
    ['cancel-run', '8d2f1c00-1111-2222-3333-444455556666', 1, 'anna cancelled run 8d2f1c00'],
    ['tidy-up', 'attic', 1, 'anna tidy up attic'],
  ])('says of the command %s on %s', (action, target, times, text) => {
    expect(commandText({ actor: 'anna', action, target, times })).toBe(text);
  });
});
