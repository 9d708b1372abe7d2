import { parseStreamSettings, settingsOf } from '../src/stream-settings.ts';

const read = (text: string) => parseStreamSettings(text, 'config.yml');

test('what is said of a stream stands over what is said of its connection, and that over what is said of all', () => {
  const settings = read(`
streams:
  "*": { naming: lower, deletes: soft }
  hubspot.*: { schema: crm, deletes: hard }
  hubspot.deals: { schema: sales }
`);
  expect(settingsOf(settings, 'hubspot', 'deals')).toEqual({ naming: 'lower', deletes: 'hard', schema: 'sales' });
  expect(settingsOf(settings, 'hubspot', 'owners')).toEqual({ naming: 'lower', deletes: 'hard', schema: 'crm' });
  expect(settingsOf(settings, 'xero', 'deals')).toEqual({ naming: 'lower', deletes: 'soft' });
});

test('an empty file says nothing', () => expect(settingsOf(read(''), 'hubspot', 'deals')).toEqual({}));

test.each([
  ['a setting that there is not', 'streams: { "*": { schemas: crm } }', /streams\.\*.*schemas/],
  ['a policy that there is not', 'streams: { "hubspot.deals": { contract: { types: maybe } } }', /contract\.types/],
  ['a name that is no stream', 'streams: { "deals": {} }', /connection\.stream/],
  ['what is no YAML', 'streams: [', /config\.yml/],
])('%s is refused by name', (_, text, problem) => {
  expect(() => read(text)).toThrow(problem);
});
