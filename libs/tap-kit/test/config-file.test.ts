import { z } from 'zod';
import { parseConfigFile, withSelection } from '../src/settings/config-file.ts';
import { isConfigured, settingsFromEnvironment, variablesOf } from '../src/settings/environment-settings.ts';

const FILE = `
config:
  access_token: [HUBSPOT_TOKEN, HUBSPOT_API_KEY]
  start_date: HUBSPOT_START_DATE
  page_size: HUBSPOT_PAGE_SIZE
  archived: HUBSPOT_ARCHIVED
select:
  - deals
  - deals_companies
`;
const Settings = z.object({
  access_token: z.string().describe('Private app token.'),
  start_date: z.string().optional(),
  page_size: z.int().default(100),
  archived: z.boolean().default(false),
});
const file = parseConfigFile(FILE, 'config.yml');

test('a setting has one variable or a list, and streams are selected by name', () => {
  expect(file.variables.get('access_token')).toEqual(['HUBSPOT_TOKEN', 'HUBSPOT_API_KEY']);
  expect(file.variables.get('start_date')).toEqual(['HUBSPOT_START_DATE']);
  expect(file.select).toEqual([{ stream: 'deals' }, { stream: 'deals_companies' }]);
});

test('fields of a stream are chosen or left out, and every stream that is named is read', () => {
  const text = 'select: [deals, "!deals.notes", contacts.email, "contacts.hs_*", "!companies.hs_x"]';
  expect(parseConfigFile(text, 'config.yml').select).toEqual([
    { stream: 'deals', fields: ['*', '!notes'] },
    { stream: 'contacts', fields: ['email', 'hs_*'] },
    { stream: 'companies', fields: ['!hs_x'] },
  ]);
});

test.each(['', 'config:\n  token: TOKEN\n', 'select:\n'])(
  'without a list of streams everything is selected',
  (text) => {
    expect(parseConfigFile(text, 'config.yml').select).toBeUndefined();
  },
);

test.each([
  ['config:\n  token: lower_case\n', /config\.yml: config\.token: expected the name of an environment variable/],
  ['config:\n  token: []\n', /config\.token/],
  ['selected:\n  - deals\n', /selected/],
  ['select: deals\n', /select/],
  ['select: ["!deals"]\n', /select\.0: expected a stream/],
  ['select: [deals.a.b]\n', /select\.0/],
  ['config: [\n', /config\.yml: /],
])('a mistake is told with its place: %j', (text, message) => {
  expect(() => parseConfigFile(text, 'config.yml')).toThrow(message);
});

test('the first variable that is set counts', () => {
  const read = (environment: Record<string, string>) => settingsFromEnvironment(Settings, file, environment);
  expect(read({ HUBSPOT_TOKEN: 'new', HUBSPOT_API_KEY: 'old' })).toEqual({ access_token: 'new' });
  expect(read({ HUBSPOT_TOKEN: '', HUBSPOT_API_KEY: 'old' })).toEqual({ access_token: 'old' });
});

test('numbers and booleans are read as such, texts stay as they are', () => {
  const values = settingsFromEnvironment(Settings, file, {
    HUBSPOT_TOKEN: '123',
    HUBSPOT_START_DATE: '2024',
    HUBSPOT_PAGE_SIZE: '50',
    HUBSPOT_ARCHIVED: 'true',
  });
  expect(values).toEqual({ access_token: '123', start_date: '2024', page_size: 50, archived: true });
});

test('a source without credentials counts as not configured, with or without an address', () => {
  expect(isConfigured(Settings, {})).toBe(false);
  expect(isConfigured(Settings, { start_date: '2024-01-01' })).toBe(false);
  expect(isConfigured(Settings, { access_token: 't' })).toBe(true);
});

test('the variables are described for whoever documents them, with their defaults, and secrets are marked', () => {
  const { properties } = z.toJSONSchema(variablesOf({ source: 'hubspot', settings: Settings }, file), { io: 'input' });
  expect(properties?.['HUBSPOT_TOKEN']).toMatchObject({ description: 'Private app token.', secret: true });
  expect(properties?.['HUBSPOT_API_KEY']).toMatchObject({ description: 'Older name of HUBSPOT_TOKEN.', secret: true });
  expect(properties?.['HUBSPOT_START_DATE']).not.toHaveProperty('secret');
  expect(properties?.['HUBSPOT_PAGE_SIZE']).toMatchObject({ default: '100' });
  expect(properties?.['HUBSPOT_START_DATE']).not.toHaveProperty('default');
  expect(properties).toHaveProperty('HUBSPOT_SELECT');
});

test('a variable replaces the selection of the file, and is refused by its name when it is none', () => {
  const select = (text?: string) => withSelection(file, 'HUBSPOT_SELECT', text).patterns;
  expect(select('contacts, deals.amount,!contacts.notes')).toEqual(['contacts', 'deals.amount', '!contacts.notes']);
  expect(select('')).toEqual(file.patterns);
  expect(select()).toEqual(file.patterns);
  expect(() => select('contacts,,deals')).toThrow(/^HUBSPOT_SELECT: entry 2: expected a stream/);
});
