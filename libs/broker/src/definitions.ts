import type { Topology } from '@pipeline/contracts';

/** A topology as RabbitMQ imports it at boot, in the order in which its parts need each other. Users are no part of it: they carry
 *  passwords and belong to an installation. */
export function definitions({ exchanges, queues, bindings }: Topology, vhost = '/'): object {
  return {
    vhosts: [{ name: vhost }],
    exchanges: exchanges.map(({ name, type }) => ({
      name,
      vhost,
      type,
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    })),
    queues: queues.map((queue) => ({
      name: queue.name,
      vhost,
      durable: true,
      auto_delete: false,
      arguments: queue.arguments,
    })),
    bindings: bindings.map(({ exchange, queue, routingKey }) => ({
      source: exchange,
      vhost,
      destination: queue,
      destination_type: 'queue',
      routing_key: routingKey,
      arguments: {},
    })),
  };
}
