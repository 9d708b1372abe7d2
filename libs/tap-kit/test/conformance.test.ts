import { column, objectSchema, type SingerMessage } from '@pipeline/singer';
import { z } from 'zod';
import { messageProblems } from '../src/conformance/message-problems.ts';
import { tapProblems } from '../src/conformance/tap-problems.ts';
import type { Tap } from '../src/declaration.ts';
import { parseConfigFile } from '../src/settings/config-file.ts';
import { sampleTap } from './support/sample-tap.ts';

type Sample = typeof sampleTap;
type SampleStream = Sample['streams'][number];
const CONFIG = 'config:\n  token: SAMPLE_TOKEN\n';

const problems = (change: Partial<Tap<{ token: string }>>, config = CONFIG) =>
  tapProblems(
    { ...sampleTap, settings: z.object({ token: z.string().describe('Token.') }), ...change },
    parseConfigFile(config, 'config.yml'),
  );

/** The problems of the sample after its second stream has changed. */
function withOwners(change: Partial<SampleStream>): string[] {
  const [deals, owners] = sampleTap.streams;
  return deals === undefined || owners === undefined ? [] : problems({ streams: [deals, { ...owners, ...change }] });
}

test('a sound tap has no problems', () => {
  expect(problems({})).toEqual([]);
});

test.each([
  [{ name: 'owners-2' }, 'stream owners-2: no legal name'],
  [{ name: 'deals_companies' }, 'stream deals_companies: there are two of this name'],
  [{ keyProperties: ['uid'] }, 'stream owners: its key uid is not in the schema'],
  [{ schema: objectSchema({ id: column.string }) }, 'stream owners: its key id is nullable'],
  [
    { schema: objectSchema({ id: column.key, email: { type: 'string' } }) },
    'stream owners: email is no key and not nullable: sources leave fields out',
  ],
  [
    { schema: { ...objectSchema({ id: column.key }), type: 'array' } },
    'stream owners: the schema is not of type object',
  ],
  [
    { schema: objectSchema({ id: column.key, nested: { $ref: '#/x' } }) },
    'stream owners: the schema has a $ref that is not resolved',
  ],
  [
    { replication: { method: 'INCREMENTAL', key: '' } },
    'stream owners: an incremental stream names its replication key',
  ],
] satisfies [Partial<SampleStream>, string][])('finds what is wrong with a stream: %j', (change, problem) => {
  expect(withOwners(change)).toContain(problem);
});

test.each([
  [{ source: 'Sample' }, CONFIG, 'source Sample: no legal name'],
  [{ streams: [] }, CONFIG, 'there is no stream'],
  [{ settings: z.object({ token: z.string() }) }, CONFIG, 'setting token: has no description'],
  [{ settings: z.object({ apiToken: z.string().describe('x') }) }, CONFIG, 'setting apiToken: not in snake_case'],
  [{ webhooks: { header: 'X', encoding: 'hex', signs: ['url'] } }, CONFIG, 'webhooks signs: the body must be signed'],
  [{}, 'config: {}', 'setting token: is required, but config.yml names no variable for it'],
  [{}, `${CONFIG}  tokn: SAMPLE_TOKEN\n`, 'config.yml feeds tokn: no such setting'],
  [{}, `${CONFIG}select:\n  - dealz\n`, 'config.yml selects dealz: no such stream'],
])('finds what is wrong with the whole: %#', (change, config, problem) => {
  expect(problems(change as Partial<Tap<{ token: string }>>, config)).toContain(problem);
});

const SCHEMA: SingerMessage = {
  type: 'SCHEMA',
  stream: 'deals',
  key_properties: ['id'],
  schema: objectSchema({
    id: column.key,
    amount: column.number,
    count: column.integer,
    day: column.date,
    at: column.dateTime,
  }),
};
const record = (fields: Record<string, string | number | null>): SingerMessage => ({
  type: 'RECORD',
  stream: 'deals',
  record: { id: '1', ...fields },
  time_extracted: '2026-01-01T00:00:00Z',
});
const STATE: SingerMessage = { type: 'STATE', value: { bookmarks: {}, currently_syncing: null } };

test('messages in order and as declared have no problems', () => {
  const sound = record({ amount: 1.5, count: 2, day: '2026-01-01', at: '2026-01-01T00:00:00Z' });
  expect(messageProblems([SCHEMA, sound, record({ amount: null }), STATE])).toEqual([]);
});

test.each([
  ['deals: RECORD before SCHEMA', [record({}), SCHEMA, STATE]],
  ['the last message is no STATE', [SCHEMA, STATE, record({})]],
  [
    'the last STATE still names a stream as currently_syncing',
    [{ ...STATE, value: { bookmarks: {}, currently_syncing: 'deals' } }],
  ],
  ['deals: a record has no key id', [SCHEMA, record({ id: null }), STATE]],
  ['deals: amount is not of its declared type null|number', [SCHEMA, record({ amount: '1.5' }), STATE]],
  ['deals: count is not of its declared type null|integer', [SCHEMA, record({ count: 1.5 }), STATE]],
  ['deals: day is not of its declared type null|string', [SCHEMA, record({ day: '/Date(1)/' }), STATE]],
  ['deals: at is not of its declared type null|string', [SCHEMA, record({ at: '1.1.2026' }), STATE]],
  ['deals: ACTIVATE_VERSION before SCHEMA', [{ type: 'ACTIVATE_VERSION', stream: 'deals', version: 1 }, STATE]],
] satisfies [string, SingerMessage[]][])('finds: %s', (problem, messages) => {
  expect(messageProblems(messages)).toContain(problem);
});
