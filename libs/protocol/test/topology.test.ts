import {
  batchesQueue,
  commonTopology,
  DEAD_EXCHANGE,
  DEAD_LETTERS_QUEUE,
  mergeTopologies,
  sourceTopology,
} from '../src/index.ts';

const topology = mergeTopologies(commonTopology, sourceTopology('hubspot'), sourceTopology('xero'));

describe('the topology', () => {
  it.each(topology.queues.map((queue) => [queue.name, queue.arguments] as const))(
    'gives %s a type, a delivery limit, a length limit that refuses, and a place for its dead letters',
    (name, args) => {
      expect(args).toMatchObject({ 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' });
      expect(args['x-delivery-limit']).toBeGreaterThan(0);
      expect(Number(args['x-max-length'] ?? 0) + Number(args['x-max-length-bytes'] ?? 0)).toBeGreaterThan(0);
      if (name !== DEAD_LETTERS_QUEUE) {
        expect(args).toMatchObject({
          'x-dead-letter-exchange': DEAD_EXCHANGE,
          'x-dead-letter-strategy': 'at-least-once',
        });
      }
    },
  );

  it('declares every exchange and queue that a binding or a dead letter needs', () => {
    const exchanges = new Set(topology.exchanges.map(({ name }) => name));
    const queues = new Set(topology.queues.map(({ name }) => name));
    for (const binding of topology.bindings) {
      expect(exchanges).toContain(binding.exchange);
      expect(queues).toContain(binding.queue);
    }
    expect(exchanges).toContain(DEAD_EXCHANGE);
  });

  it('gives each source a batch queue of its own, which nothing else is bound to', () => {
    for (const source of ['hubspot', 'xero']) {
      expect(topology.bindings.filter(({ queue }) => queue === batchesQueue(source))).toHaveLength(1);
    }
  });

  it('uses nothing that RabbitMQ 4.3 refuses', () => {
    for (const queue of topology.queues) expect(Object.keys(queue.arguments)).not.toContain('x-queue-mode');
  });
});
