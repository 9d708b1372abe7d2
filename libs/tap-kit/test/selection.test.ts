import type { Catalog, JsonObject } from '@pipeline/singer';
import { discoverCatalog } from '../src/catalog/catalog.ts';
import { selectFromCatalog } from '../src/catalog/catalog-selection.ts';
import { selectedStreams, selectStreams } from '../src/catalog/selection.ts';
import { sampleTap } from './support/sample-tap.ts';

const discovered = discoverCatalog(sampleTap);
const KNOWN = ['deals', 'deals_companies', 'owners'];
const [deals] = sampleTap.streams;

/** The catalog after a user has set this metadata. */
function edited(stream: string, breadcrumb: string[], metadata: Record<string, string | boolean>): string {
  const copy: Catalog = JSON.parse(JSON.stringify(discovered));
  for (const entry of copy.streams.filter((one) => one.stream === stream)) {
    for (const item of entry.metadata) {
      if (item.breadcrumb.join() === breadcrumb.join()) Object.assign(item.metadata, metadata);
    }
  }
  return JSON.stringify(copy);
}

function project(catalog: string, record: JsonObject) {
  if (deals === undefined) throw new Error('the sample has no stream');
  const [stream] = selectedStreams(deals, selectFromCatalog(catalog, discovered));
  return { schema: stream?.schema, record: stream?.project(record) };
}

const named = (...names: string[]) => names.map((stream) => ({ stream }));

test('without a list every stream is read that is not optional', () => {
  expect(KNOWN.filter(selectStreams(sampleTap, undefined).isSelected)).toEqual(KNOWN);
  const streams = sampleTap.streams.map((stream) => ({ ...stream, isSelectedByDefault: stream.name === 'owners' }));
  expect(KNOWN.filter(selectStreams({ streams }, undefined).isSelected)).toEqual(['owners']);
  expect(KNOWN.filter(selectStreams({ streams }, named('deals')).isSelected)).toEqual(['deals']);
});

test('an empty list selects nothing', () => {
  expect(KNOWN.filter(selectStreams(sampleTap, []).isSelected)).toEqual([]);
});

test('an unknown stream in the list is an error that lists the streams, unless the account may turn out to have it', () => {
  expect(() => selectStreams(sampleTap, named('deals', 'dealz'))).toThrow(
    'no such stream: dealz. The streams are: deals, deals_companies, owners',
  );
  expect(selectStreams(sampleTap, named('deals', 'dealz'), { isOpen: true }).unknown).toEqual(['dealz']);
});

test.each([
  [['amount'], ['amount', 'id', 'updated_at']],
  [['!amount'], ['id', 'lines', 'owner', 'updated_at']],
  [
    ['!id', '!updated_at', '!owner'],
    ['amount', 'id', 'lines', 'updated_at'],
  ],
  [
    ['*n*', '!owner'],
    ['amount', 'id', 'lines', 'updated_at'],
  ],
])('%j of a stream sends those fields, and the keys in any case', (fields, expected) => {
  if (deals === undefined) throw new Error('the sample has no stream');
  const [stream] = selectedStreams(deals, selectStreams(sampleTap, [{ stream: 'deals', fields }]));
  expect(Object.keys(stream?.schema.properties ?? {}).sort()).toEqual(expected);
});

test('a field that the stream does not have is named', () => {
  if (deals === undefined) throw new Error('the sample has no stream');
  const selection = selectStreams(sampleTap, [{ stream: 'deals', fields: ['amount', 'hs_x', '!hs_y', 'hs_*'] }]);
  const [stream] = selectedStreams(deals, selection);
  expect(stream && selection.unknownFields?.(stream)).toEqual(['hs_x', 'hs_y']);
});

test('the catalog as discovered selects everything and leaves records untouched', () => {
  const selection = selectFromCatalog(JSON.stringify(discovered), discovered);
  expect(KNOWN.filter(selection.isSelected)).toEqual(KNOWN);
  const record = { id: '1' };
  if (deals === undefined) throw new Error('the sample has no stream');
  expect(selectedStreams(deals, selection)[0]?.project(record)).toBe(record);
});

test.each([false, 'false'])('a stream with selected %p is not read', (selected) => {
  const selection = selectFromCatalog(edited('owners', [], { selected }), discovered);
  expect(KNOWN.filter(selection.isSelected)).toEqual(['deals', 'deals_companies']);
});

test('a stream that the catalog leaves out is not read', () => {
  const only = JSON.stringify({ streams: discovered.streams.slice(2) });
  expect(KNOWN.filter(selectFromCatalog(only, discovered).isSelected)).toEqual(['owners']);
});

test('a child may be selected without its parent', () => {
  const selection = selectFromCatalog(edited('deals', [], { selected: false }), discovered);
  if (deals === undefined) throw new Error('the sample has no stream');
  expect(selectedStreams(deals, selection).map((stream) => stream.shape.name)).toEqual(['deals_companies']);
});

test('a field that is not selected is neither in the schema nor in a record', () => {
  const { schema, record } = project(edited('deals', ['properties', 'amount'], { selected: false }), {
    id: '1',
    amount: 5,
  });
  expect(Object.keys(schema?.properties ?? {})).toEqual(['id', 'updated_at', 'owner', 'lines']);
  expect(record).toEqual({ id: '1' });
});

test('keys and the replication key are sent even when they are not selected', () => {
  for (const field of ['id', 'updated_at']) {
    const { record } = project(edited('deals', ['properties', field], { selected: false }), {
      id: '1',
      updated_at: 'x',
    });
    expect(record).toEqual({ id: '1', updated_at: 'x' });
  }
});

test('keys are sent even by a catalog that has lost their inclusion', () => {
  const { record } = project(edited('deals', ['properties', 'id'], { inclusion: 'available', selected: false }), {
    id: '1',
  });
  expect(record).toEqual({ id: '1' });
});

test('an unsupported field is never sent, whatever is selected', () => {
  const { record } = project(edited('deals', ['properties', 'amount'], { inclusion: 'unsupported', selected: true }), {
    id: '1',
    amount: 5,
  });
  expect(record).toEqual({ id: '1' });
});

test('fields inside objects and inside the items of arrays can be left out', () => {
  const nested = project(edited('deals', ['properties', 'owner', 'properties', 'email'], { selected: false }), {
    id: '1',
    owner: { name: 'n', email: 'e', extra: 1 },
  });
  expect(nested.record).toEqual({ id: '1', owner: { name: 'n', extra: 1 } });
  const items = project(edited('deals', ['properties', 'lines', 'items', 'properties', 'price'], { selected: false }), {
    id: '1',
    lines: [{ sku: 'a', price: 1 }, null],
  });
  expect(items.record).toEqual({ id: '1', lines: [{ sku: 'a' }, null] });
  expect(items.schema?.properties?.['lines']?.items?.properties).not.toHaveProperty('price');
});

test('fields that the schema does not know are kept', () => {
  const { record } = project(edited('deals', ['properties', 'amount'], { selected: false }), {
    id: '1',
    custom: 7,
  });
  expect(record).toEqual({ id: '1', custom: 7 });
});

test('a selected stream that the tap does not know is an error, an unselected one is not', () => {
  const foreign = (selected: boolean) =>
    JSON.stringify({
      streams: [
        { stream: 'gone', tap_stream_id: 'gone', schema: {}, metadata: [{ breadcrumb: [], metadata: { selected } }] },
      ],
    });
  expect(() => selectFromCatalog(foreign(true), discovered)).toThrow('no such stream: gone');
  expect(KNOWN.filter(selectFromCatalog(foreign(false), discovered).isSelected)).toEqual([]);
});

test('the old place of selected, in the schema, still counts', () => {
  const old = JSON.stringify({ streams: [{ stream: 'owners', schema: { selected: true } }] });
  expect(KNOWN.filter(selectFromCatalog(old, discovered).isSelected)).toEqual(['owners']);
});

test.each(['[]', '{"streams": 1}', 'no json'])('a file that is no catalog is refused: %s', (text) => {
  expect(() => selectFromCatalog(text, discovered)).toThrow('the catalog is not what --discover prints');
});
