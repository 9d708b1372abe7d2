import { BATCH_BYTES_MAX, type Topology } from '@pipeline/protocol';
import { requestBroker, waitFor } from '@pipeline/testing';
import { connectBroker } from '../src/index.ts';
import { drain, Fixture, logger, message, topologyOf } from './support/fixture.ts';

describe('the publisher', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.create();
  });
  afterEach(() => fixture.closeBrokers());
  afterAll(() => fixture.close());

  it('delivers every message with its content though the connection is cut again and again', async () => {
    const queue = 'cut';
    const count = 600;
    const cuts = 3;
    // Large enough that a cut may fall into the middle of one.
    const bodyOf = (id: number | string) => `${id} `.repeat(5_000);
    const bytes = count * bodyOf('1').length;
    const publisher = (await fixture.throughProxy(queue)).publisher();
    const before = fixture.proxy.cuts;
    fixture.proxy.cutEveryBytes(bytes / (cuts + 1));
    await Promise.all(
      Array.from({ length: count }, (_, id) => publisher.publish(message(queue, id, Buffer.from(bodyOf(id))))),
    );
    expect(fixture.proxy.cuts - before).toBeGreaterThanOrEqual(cuts);

    const received = await drain(await fixture.direct(queue), queue, count);
    for (const [id, bodies] of received) expect(new Set(bodies)).toEqual(new Set([bodyOf(id)]));
  }, 60_000);

  it('fails a message that no queue takes, although the broker confirms it', async () => {
    const publisher = (await fixture.direct('routed')).publisher({ unroutableForMs: 1_000 });
    await expect(publisher.publish(message('nowhere', 1))).rejects.toMatchObject({ code: 'MESSAGE_UNROUTABLE' });
  });

  it('would lose such a message in silence without the mandatory flag (mutation)', async () => {
    const publisher = (await fixture.direct('routed')).publisher({ mandatory: false });
    await expect(publisher.publish(message('nowhere', 1))).resolves.toBeUndefined();
  });

  it('binds a queue again that was deleted under it', async () => {
    const queue = 'deleted';
    const broker = await fixture.direct(queue);
    await requestBroker('DELETE', `/queues/${fixture.vhost.name}/${queue}`);
    await broker.publisher().publish(message(queue, 1));
    expect(await broker.queueDepth(queue)).toMatchObject({ messages: 1 });
  });

  it.each([1, 4, 9])('sends no more than a window of %i messages without a confirm', async (window) => {
    const queue = `window-${window}`;
    const watcher = await fixture.direct(queue);
    const publisher = (await fixture.throughProxy(queue)).publisher({ window });
    await publisher.publish(message(queue, 'first'));
    fixture.proxy.mute(true);
    const rest = Promise.all(Array.from({ length: 12 }, (_, id) => publisher.publish(message(queue, id))));
    await waitFor(async () => (await watcher.queueDepth(queue)).messages === 1 + window);
    // Were there more on their way, they would come in with those.
    await watcher.publisher().publish(message(queue, 'later'));
    expect((await watcher.queueDepth(queue)).messages).toBe(2 + window);
    fixture.proxy.mute(false);
    await rest;
  });

  it('waits while the queue is full and loses nothing', async () => {
    const queue = 'full';
    const limits = { 'x-max-length': 3 };
    const broker = await fixture.direct(queue, limits);
    const publisher = broker.publisher();
    let confirmed = 0;
    const all = Promise.all(
      Array.from({ length: 20 }, async (_, id) => {
        await publisher.publish(message(queue, id));
        confirmed += 1;
      }),
    );
    await waitFor(async () => (await broker.queueDepth(queue)).messages >= 3);
    // The limit and what was on its way when it was reached.
    expect((await broker.queueDepth(queue)).messages).toBeLessThanOrEqual(3 + 4);
    expect(confirmed).toBeLessThan(20);
    const received = await drain(broker, queue, 20);
    await all;
    expect(received.size).toBe(20);
  }, 30_000);

  it('stops waiting for the confirmation of a message after its time-out', async () => {
    const queue = 'always-full';
    const broker = await fixture.direct(queue, { 'x-max-length': 1 });
    const publisher = broker.publisher({ giveUpAfterMs: 800 });
    const fill = async () => {
      for (let id = 0; id < 5; id += 1) await publisher.publish(message(queue, id));
    };
    await expect(fill()).rejects.toMatchObject({ code: 'PUBLISH_TIMEOUT', recovery: 'retry' });
  });

  it('sends again, under the same id, when the broker stays silent', async () => {
    const queue = 'silent';
    const watcher = await fixture.direct(queue);
    const publisher = (await fixture.throughProxy(queue)).publisher({ confirmTimeoutMs: 500 });
    await publisher.publish(message(queue, 'first'));
    fixture.proxy.swallow(true);
    const published = publisher.publish(message(queue, 'second'));
    await waitFor(async () => (await watcher.queueDepth(queue)).messages === 2);
    fixture.proxy.swallow(false);
    await published;
    expect(await watcher.queueDepth(queue)).toMatchObject({ messages: 3 });
    expect((await drain(watcher, queue, 2)).get('second')).toEqual(['body of second', 'body of second']);
  });

  it('lets go of its place when the caller aborts', async () => {
    const queue = 'aborted';
    const watcher = await fixture.direct(queue);
    const publisher = (await fixture.throughProxy(queue)).publisher({ window: 1 });
    await publisher.publish(message(queue, 'first'));
    fixture.proxy.mute(true);
    const abort = new AbortController();
    const inFlight = publisher.publish(message(queue, 'second'), { signal: abort.signal });
    const inLine = publisher.publish(message(queue, 'third'), { signal: abort.signal });
    await waitFor(async () => (await watcher.queueDepth(queue)).messages === 2);
    abort.abort(new Error('lease lost'));
    await expect(inFlight).rejects.toThrow('lease lost');
    await expect(inLine).rejects.toThrow('lease lost');
    fixture.proxy.mute(false);
    await expect(publisher.publish(message(queue, 'fourth'))).resolves.toBeUndefined();
  });

  it('refuses a message that is too large before the broker would close the channel', async () => {
    const queue = 'large';
    const broker = await fixture.direct(queue);
    const publisher = broker.publisher();
    const [largest, tooLarge, next] = await Promise.allSettled([
      publisher.publish(message(queue, 1, Buffer.alloc(BATCH_BYTES_MAX))),
      publisher.publish(message(queue, 2, Buffer.alloc(BATCH_BYTES_MAX + 1))),
      publisher.publish(message(queue, 3)),
    ]);
    expect([largest.status, tooLarge.status, next.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(tooLarge).toMatchObject({ reason: { code: 'MESSAGE_TOO_LARGE' } });
    expect(await broker.queueDepth(queue)).toMatchObject({ messages: 2 });
  });

  it('throws instead of waiting for ever once the broker is closed', async () => {
    const queue = 'closed';
    const broker = await fixture.throughProxy(queue);
    const publisher = broker.publisher();
    await broker.close();
    await expect(publisher.publish(message(queue, 1))).rejects.toMatchObject({ code: 'BROKER_CLOSED' });
  });
});

describe('the topology', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.create();
  });
  afterAll(() => fixture.close());

  it('is a configuration error where the broker has a queue with other arguments', async () => {
    await fixture.direct('taken', { 'x-max-length': 5 });
    const topology: Topology = topologyOf('taken', { 'x-max-length': 6 });
    await expect(connectBroker({ url: fixture.vhost.url, name: 'other', logger, topology })).rejects.toMatchObject({
      code: 'TOPOLOGY_MISMATCH',
      recovery: 'fix-config',
    });
  });

  it('is what was declared last', async () => {
    const broker = await fixture.direct('first');
    await expect(broker.queueDepth('second')).rejects.toMatchObject({ code: 'QUEUE_MISSING' });
    await broker.declare(topologyOf('second'));
    expect(await broker.queueDepth('second')).toEqual({ messages: 0, consumers: 0 });
  });

  it('refuses a URL that is none before it connects', async () => {
    const connecting = connectBroker({ url: 'http://example', name: 'x', logger, topology: topologyOf('x') });
    await expect(connecting).rejects.toMatchObject({ code: 'BROKER_URL_INVALID' });
  });
});
