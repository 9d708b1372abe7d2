import { BatchHeaders, pipelineName, SEQ_LIMIT, sdcSequence, sourceOfPipeline } from '../src/index.ts';

describe('sdcSequence', () => {
  it('grows with the batch within an attempt and with the attempt over everything', () => {
    expect(sdcSequence(1, 0) < sdcSequence(1, 1)).toBe(true);
    expect(sdcSequence(1, SEQ_LIMIT - 1) < sdcSequence(2, 0)).toBe(true);
  });

  it('fits a bigint column for more attempts than there will ever be', () => {
    expect(sdcSequence(2 ** 39 - 1, SEQ_LIMIT - 1)).toBe(2n ** 63n - 1n);
  });
});

describe('BatchHeaders', () => {
  const headers = {
    v: 1,
    source: 'hubspot',
    pipeline: 'pipeline_hubspot_to_postgres',
    run: '5a0cbd2c-7a4b-4e0c-8a9d-111111111111',
    task: '5a0cbd2c-7a4b-4e0c-8a9d-222222222222',
    epoch: 7,
    stream: 'deals',
    seq: 0,
    rows: 0,
    sha256: 'a'.repeat(64),
    checkpoint: false,
    final: false,
  };

  it('accepts a batch, and headers that the broker or a tracer added', () => {
    expect(BatchHeaders.safeParse(headers).success).toBe(true);
    expect(BatchHeaders.safeParse({ ...headers, 'x-delivery-count': 2, traceparent: '00-a-b-01' }).success).toBe(true);
  });

  it.each([
    ['source', 'a.b'],
    ['stream', '../x'],
    ['epoch', 0],
    ['seq', SEQ_LIMIT],
    ['rows', -1],
    ['sha256', 'xyz'],
    ['v', 2],
  ])('refuses %s = %s', (name, value) => {
    expect(BatchHeaders.safeParse({ ...headers, [name]: value }).success).toBe(false);
  });
});

describe('sourceOfPipeline', () => {
  it.each(['xero', 'tap-xero', 'pipeline_xero_to_postgres', ' xero '])('understands %s', (name) => {
    expect(sourceOfPipeline(name)).toBe('xero');
    expect(pipelineName(sourceOfPipeline(name))).toBe('pipeline_xero_to_postgres');
  });
});
