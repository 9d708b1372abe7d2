import { PipelineError, type Topology } from '@pipeline/protocol';
import type { ChannelModel } from 'amqplib';

const PRECONDITION_FAILED = 406;

/** Creates what is missing of a topology; what exists alike stays as it is.
 *  @throws PipelineError `TOPOLOGY_MISMATCH` when something of the same name has other properties. */
export async function assertTopology(model: ChannelModel, topology: Topology): Promise<void> {
  if (topology.exchanges.length + topology.queues.length === 0) return;
  const channel = await model.createChannel();
  // The error arrives at the call as well; without a listener this copy of it would end the process.
  channel.on('error', () => undefined);
  let subject = '';
  try {
    for (const { name, type } of topology.exchanges) {
      subject = `exchange ${name}`;
      await channel.assertExchange(name, type, { durable: true });
    }
    for (const queue of topology.queues) {
      subject = `queue ${queue.name}`;
      await channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments });
    }
    for (const { queue, exchange, routingKey } of topology.bindings) {
      subject = `binding of ${queue} to ${exchange}`;
      await channel.bindQueue(queue, exchange, routingKey);
    }
    await channel.close();
  } catch (cause) {
    throw isPreconditionFailed(cause) ? mismatch(subject, cause) : cause;
  }
}

function isPreconditionFailed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === PRECONDITION_FAILED;
}

function mismatch(subject: string, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'TOPOLOGY_MISMATCH',
    recovery: 'fix-config',
    message: `the broker has the ${subject} with other properties: delete it there once it is empty, it is created again at start`,
    context: { subject },
    cause,
  });
}
