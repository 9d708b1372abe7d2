import { discoverCatalog } from '../src/catalog/catalog.ts';
import { sampleTap } from './support/sample-tap.ts';

const catalog = discoverCatalog(sampleTap);
const entry = (stream: string) => catalog.streams.find((one) => one.tap_stream_id === stream);
const metadata = (stream: string, ...breadcrumb: string[]) =>
  entry(stream)?.metadata.find((item) => item.breadcrumb.join('.') === breadcrumb.join('.'))?.metadata;

test('lists children after their parents', () => {
  expect(catalog.streams.map((stream) => stream.tap_stream_id)).toEqual(['deals', 'deals_companies', 'owners']);
});

test('says how a stream is replicated and by which key', () => {
  expect(metadata('deals')).toEqual({
    inclusion: 'available',
    'selected-by-default': true,
    'table-key-properties': ['id'],
    'forced-replication-method': 'INCREMENTAL',
    'valid-replication-keys': ['updated_at'],
  });
  expect(metadata('owners')).toMatchObject({ 'forced-replication-method': 'FULL_TABLE' });
  expect(metadata('owners')).not.toHaveProperty('valid-replication-keys');
});

test('a child names its parent and no replication key that it does not have', () => {
  expect(metadata('deals_companies')).toMatchObject({
    'parent-tap-stream-id': 'deals',
    'forced-replication-method': 'INCREMENTAL',
  });
  expect(metadata('deals_companies')).not.toHaveProperty('valid-replication-keys');
});

test('keys and the replication key are automatic, everything else is available', () => {
  expect(metadata('deals', 'properties', 'id')).toEqual({ inclusion: 'automatic' });
  expect(metadata('deals', 'properties', 'updated_at')).toEqual({ inclusion: 'automatic' });
  expect(metadata('deals', 'properties', 'amount')).toEqual({ inclusion: 'available', 'selected-by-default': true });
});

test('describes fields at every depth, those of array items below items', () => {
  expect(metadata('deals', 'properties', 'owner', 'properties', 'email')).toBeDefined();
  expect(metadata('deals', 'properties', 'lines', 'items', 'properties', 'sku')).toBeDefined();
});
