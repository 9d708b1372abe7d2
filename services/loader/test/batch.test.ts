import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import type { BatchHeaders } from '@pipeline/protocol';
import { openBatch } from '../src/batch.ts';

const schema = JSON.stringify({
  type: 'SCHEMA',
  stream: 'deals',
  schema: { type: 'object', properties: {} },
  key_properties: ['id'],
});
const record = JSON.stringify({ type: 'RECORD', stream: 'deals', record: { id: '1' } });
const state = '{"type":"STATE","value":{"bookmarks":{"deals":{"at":12345678901234567890}}}}';

function delivery(lines: string[], more: Partial<BatchHeaders> = {}) {
  const body = zstdCompressSync(Buffer.from(`${lines.join('\n')}\n`));
  const headers = {
    v: 1,
    source: 'hubspot',
    pipeline: 'pipeline_hubspot_to_postgres',
    run: '5a0cbd2c-7a4b-4e0c-8a9d-111111111111',
    task: '5a0cbd2c-7a4b-4e0c-8a9d-222222222222',
    epoch: 1,
    stream: 'deals',
    seq: 0,
    rows: 1,
    sha256: createHash('sha256').update(body).digest('hex'),
    checkpoint: false,
    final: false,
    ...more,
  };
  return { queue: 'loader.hubspot', routingKey: 'singer.hubspot.deals', headers, body };
}

describe('openBatch', () => {
  it('returns schema, records and state apart, the state exact in every number', async () => {
    const batch = await openBatch(delivery([schema, record, state], { checkpoint: true }));
    expect(batch.schema.key_properties).toEqual(['id']);
    expect(batch.records.toString()).toBe(`${record}\n`);
    expect(batch.state).toBe('{"bookmarks":{"deals":{"at":12345678901234567890}}}');
  });

  it('takes a final batch without records', async () => {
    const manifest = { lastSeq: 0, complete: true, streams: { deals: { rows: 0, deletes: { kind: 'absent' } } } };
    const options = { checkpoint: true, final: true, rows: 0, manifest: JSON.stringify(manifest) };
    const batch = await openBatch(delivery([schema, state], options));
    expect(batch.records).toHaveLength(0);
    expect(batch.manifest).toEqual(manifest);
  });

  it('refuses a body that is not the announced one', async () => {
    const changed = { ...delivery([schema, record]), body: zstdCompressSync(Buffer.from('other')) };
    await expect(openBatch(changed)).rejects.toMatchObject({ code: 'BATCH_INVALID' });
  });

  it.each([
    ['came from the queue of another source', { ...delivery([schema, record]), queue: 'loader.xero' }],
    ['came by the key of another stream', { ...delivery([schema, record]), routingKey: 'singer.hubspot.owners' }],
    ['has a schema of another stream', delivery([schema.replace('"deals"', '"owners"'), record])],
    ['has no schema', delivery([record])],
    ['announces a state and has none', delivery([schema, record], { checkpoint: true })],
    ['is final without a manifest', delivery([schema, record], { final: true })],
    ['is not JSON', delivery(['{'])],
  ])('refuses a batch that %s', async (_, bad) => {
    await expect(openBatch(bad)).rejects.toMatchObject({ code: 'BATCH_INVALID', recovery: 'fail' });
  });

  it.each([
    ['the tap of its source', 'tap-hubspot', 'loader'],
    ['the scheduler, which replays it', 'scheduler', 'loader'],
    ['the one user of everything', 'everybody', 'everybody'],
    ['an older version under that user', undefined, 'everybody'],
  ])('takes a batch from %s', async (_, sender, reader) => {
    await expect(openBatch({ ...delivery([schema, record]), sender, reader })).resolves.toBeDefined();
  });

  it.each([
    ['the tap of another source', 'tap-xero', 'loader'],
    ['nobody', undefined, 'loader'],
    ['the tap of another source, also where the loader has another name', 'tap-xero', 'everybody'],
  ])('refuses a batch from %s', async (_, sender, reader) => {
    const forged = openBatch({ ...delivery([schema, record]), sender, reader });
    await expect(forged).rejects.toMatchObject({ code: 'BATCH_INVALID' });
  });

  it('refuses a body that grows beyond the limit', async () => {
    const bomb = delivery([schema, 'x'.repeat(40 * 1024 * 1024)]);
    await expect(openBatch(bomb)).rejects.toMatchObject({ code: 'BATCH_INVALID' });
  });
});
