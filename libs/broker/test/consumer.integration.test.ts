import { once } from 'node:events';
import { requestBroker, waitFor } from '@pipeline/testing';
import type { Delivery } from '../src/index.ts';
import { deadLetters, drain, Fixture, message } from './support/fixture.ts';

describe('the consumer', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.create();
  });
  afterEach(() => fixture.closeBrokers());
  afterAll(() => fixture.close());

  it('passes on what was published', async () => {
    const queue = 'passed-on';
    const broker = await fixture.direct(queue);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const received = Promise.withResolvers<Delivery>();
    await broker.consume({ queue, prefetch: 1 }, async (delivery) => {
      received.resolve(delivery);
      return 'ack';
    });
    await broker.publisher().publish({ ...message(queue, 1), contentEncoding: 'zstd', traceparent });
    expect(await received.promise).toMatchObject({
      queue,
      routingKey: queue,
      messageId: '1',
      type: 'thing',
      headers: { id: '1' },
      contentType: 'text/plain',
      contentEncoding: 'zstd',
      traceparent,
      isRedelivered: false,
    });
    await waitFor(async () => (await broker.queueDepth(queue)).messages === 0);
  });

  it('is back within 15 s when its queue was deleted', async () => {
    const queue = 'deleted';
    const broker = await fixture.direct(queue);
    const received: string[] = [];
    await broker.consume({ queue, prefetch: 1 }, async ({ messageId = '' }) => {
      received.push(messageId);
      return 'ack';
    });
    await requestBroker('DELETE', `/queues/${fixture.vhost.name}/${queue}`);
    await waitFor(() => broker.notReadyBecause() === `not consuming ${queue}`);
    await waitFor(() => broker.notReadyBecause() === null, { timeoutMs: 15_000 });
    await broker.publisher().publish(message(queue, 'after'));
    await waitFor(() => received.includes('after'));
  }, 30_000);

  it('drops the ack of a delivery whose channel is lost, and takes the message again', async () => {
    const queue = 'lost';
    const broker = await fixture.throughProxy(queue);
    const deliveries: Delivery[] = [];
    const mayFinish = Promise.withResolvers<void>();
    await broker.consume({ queue, prefetch: 1 }, async (delivery) => {
      deliveries.push(delivery);
      if (deliveries.length === 1) await mayFinish.promise;
      return 'ack';
    });
    await broker.publisher().publish(message(queue, 1));
    const first = await waitFor(() => deliveries[0]);
    const aborted = once(first.signal, 'abort');
    fixture.proxy.cut();
    await aborted;
    // The old handler is still at work: a second one beside it would be more than the prefetch allows.
    await waitFor(() => broker.health().isConnected);
    expect(deliveries).toHaveLength(1);
    mayFinish.resolve();
    await waitFor(() => deliveries.length === 2);
    expect(deliveries[1]).toMatchObject({ messageId: '1', isRedelivered: true });
    await waitFor(async () => (await broker.queueDepth(queue)).messages === 0);
    expect(broker.notReadyBecause()).toBeNull();
  }, 20_000);

  it('calls a handler that throws three times, then dead-letters the message', async () => {
    const queue = 'poison';
    const broker = await fixture.direct(queue);
    let calls = 0;
    await broker.consume({ queue, prefetch: 1 }, async () => {
      calls += 1;
      throw new Error('cannot');
    });
    await broker.publisher().publish(message(queue, 'bad'));
    const dead = await drain(broker, deadLetters, 1);
    expect([...dead.keys()]).toEqual(['bad']);
    expect(calls).toBe(3);
  }, 20_000);

  it('does not dead-letter a message whose handler threw once', async () => {
    const queue = 'hiccup';
    const broker = await fixture.direct(queue);
    let calls = 0;
    await broker.consume({ queue, prefetch: 1 }, async () => {
      calls += 1;
      if (calls === 1) throw new Error('once');
      return 'ack';
    });
    await broker.publisher().publish(message(queue, 1));
    await waitFor(() => calls === 2);
    await waitFor(async () => (await broker.queueDepth(queue)).messages === 0);
    expect((await broker.queueDepth(deadLetters)).messages).toBe(0);
  });

  it('holds no second message when the handler of the first pauses it', async () => {
    const queue = 'paused';
    const broker = await fixture.direct(queue);
    const received: string[] = [];
    const consumer = await broker.consume({ queue, prefetch: 1 }, async ({ messageId = '' }) => {
      received.push(messageId);
      await consumer.pause();
      return 'ack';
    });
    const publisher = broker.publisher({ window: 1 });
    await Promise.all([1, 2, 3].map((id) => publisher.publish(message(queue, id))));
    await waitFor(() => consumer.state === 'paused');
    // Ready means that no consumer holds them.
    await waitFor(async () => (await broker.queueDepth(queue)).messages === 2);
    expect(broker.notReadyBecause()).toBeNull();
    consumer.resume();
    await waitFor(() => received.length === 2);
    await waitFor(async () => (await broker.queueDepth(queue)).messages === 1);
    expect(received).toEqual(['1', '2']);
  });

  it('hands a message it cannot take to another consumer', async () => {
    const queue = 'handed-on';
    const broker = await fixture.direct(queue);
    const takers: string[] = [];
    const unwilling = await broker.consume({ queue, prefetch: 1 }, async () => {
      takers.push('unwilling');
      return 'requeue';
    });
    await broker.publisher().publish(message(queue, 1));
    await waitFor(() => takers.length === 1);
    await unwilling.stop();
    await drain(broker, queue, 1);
    expect(takers).toEqual(['unwilling']);
  });

  it('finishes what it has in hand before it stops', async () => {
    const queue = 'finished';
    const broker = await fixture.direct(queue);
    const started = Promise.withResolvers<void>();
    const mayFinish = Promise.withResolvers<void>();
    const consumer = await broker.consume({ queue, prefetch: 1 }, async () => {
      started.resolve();
      await mayFinish.promise;
      return 'ack';
    });
    const publisher = broker.publisher();
    await Promise.all([1, 2].map((id) => publisher.publish(message(queue, id))));
    await started.promise;
    const stopped = consumer.stop();
    mayFinish.resolve();
    await stopped;
    // A quorum queue counts its consumers a moment later.
    await waitFor(async () => (await broker.queueDepth(queue)).consumers === 0);
    expect(await broker.queueDepth(queue)).toEqual({ messages: 1, consumers: 0 });
  });

  it('requeues what is not finished in time and aborts the handler', async () => {
    const queue = 'given-back';
    const broker = await fixture.direct(queue);
    const started = Promise.withResolvers<Delivery>();
    const consumer = await broker.consume({ queue, prefetch: 1 }, async (delivery) => {
      started.resolve(delivery);
      await once(delivery.signal, 'abort');
      return 'ack';
    });
    await broker.publisher().publish(message(queue, 1));
    const { signal } = await started.promise;
    await consumer.stop(100);
    expect(signal.aborted).toBe(true);
    expect([...(await drain(broker, queue, 1)).keys()]).toEqual(['1']);
  });
});
