import { formatTraceparent, type Logger } from '@pipeline/protocol';
import { type OtlpReceiver, startOtlpReceiver } from '@pipeline/testing';
import { openTracing } from '../src/tracing/open-tracing.ts';
import { readHeaders } from '../src/tracing/read-headers.ts';
import { noTracing } from '../src/tracing/tracing.ts';

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

describe('tracing', () => {
  let receiver: OtlpReceiver;
  let warnings: string[];
  const logger = { warn: (_: object, text: string) => void warnings.push(text) } as unknown as Logger;
  const open = (endpoint: string | undefined) =>
    openTracing({ name: 'loader', endpoint, headers: { 'api-key': 'k' }, logger });
  beforeEach(async () => {
    warnings = [];
    receiver = await startOtlpReceiver();
  });
  afterEach(() => receiver.close());

  it('is off without an endpoint', async () => {
    expect(await open(undefined)).toBe(noTracing);
    expect(noTracing.start('load', { attributes: {} }).traceparent).toBeUndefined();
  });

  it('sends spans with their parents, ends and failures, and with the headers that were asked for', async () => {
    const tracing = await open(`${receiver.url}/`);
    const outer = tracing.start('read', { parent: PARENT, kind: 'consumer', attributes: { stream: 'deals', rows: 3 } });
    outer.set({ share: 0.5, isWhole: true });
    outer.fail('the source is away');
    outer.end();
    const past = { traceId: PARENT.traceId, spanId: '1111111111111111' };
    const [startedAt, endedAt] = [new Date(1_000), new Date(2_000)];
    tracing.tell({ name: 'cycle', as: past, startedAt, endedAt, error: null, attributes: {} });
    await tracing.stop();
    const [read, cycle] = receiver.spans;
    expect(read).toMatchObject({ service: 'loader', name: 'read', isFailed: true, parentSpanId: PARENT.spanId });
    expect(read?.attributes).toEqual({ stream: 'deals', rows: 3, share: 0.5, isWhole: true });
    expect(outer.traceparent).toBe(formatTraceparent({ traceId: PARENT.traceId, spanId: read?.spanId ?? '' }));
    expect(cycle).toMatchObject({ ...past, parentSpanId: undefined, isFailed: false });
    expect(Number((cycle?.endedAt ?? 0n) - (cycle?.startedAt ?? 0n))).toBe(1e9);
    expect(receiver.headers()).toMatchObject({ 'api-key': 'k' });
  });

  it('says so when the receiver refuses them', async () => {
    const tracing = await open(`${receiver.url}/elsewhere`);
    tracing.start('load', { attributes: {} }).end();
    await tracing.stop();
    expect(warnings).toEqual([expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT')]);
  });

  it('ends in time when the receiver is away', async () => {
    const { url } = receiver;
    await receiver.close();
    const tracing = await open(url);
    tracing.start('load', { attributes: {} }).end();
    const startedAt = performance.now();
    await tracing.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    receiver = await startOtlpReceiver();
  });
});

describe('headers of a receiver', () => {
  it('are names and percent-encoded values', () => {
    const problems: string[] = [];
    const refuse = (problem: string) => void problems.push(problem);
    expect(readHeaders('api-key=a%20b=, tenant=x', refuse)).toEqual({ 'api-key': 'a b=', tenant: 'x' });
    expect(problems).toEqual([]);
    readHeaders('api key', refuse);
    expect(problems).toHaveLength(1);
  });
});
