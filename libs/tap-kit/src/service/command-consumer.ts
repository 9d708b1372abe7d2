import type { Broker, Consumer, Delivery } from '@pipeline/broker';
import { type Claim, claimTask } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { Command, commandsQueue, type Logger, type RunCommand } from '@pipeline/protocol';
import { withPatience } from './patience.ts';

export interface CommandConsumerDeps {
  broker: Broker;
  pool: Pool;
  logger: Logger;
  source: string;
  /** Names this replica in the attempts it claims. */
  claimedBy: string;
  concurrency: number;
  leaseMs: number;
  stop: AbortSignal;
  /** @param traceparent the span that the command was sent for */
  attempt: (claim: Claim, traceparent: string | undefined) => Promise<void>;
  /** Looks at an account. */
  check: (checkId: string) => Promise<void>;
}

/** Takes commands while there is room for another task. A command is acked as soon as its task is claimed, so nothing long is ever held unacked,
 *  and before the last free place is taken the consumer is paused, so that waiting commands stay in the queue for other replicas. */
export async function consumeCommands(deps: CommandConsumerDeps): Promise<{ stop: () => Promise<void> }> {
  const { broker, logger, source } = deps;
  const running = new Set<Promise<void>>();
  const registered = Promise.withResolvers<Consumer>();

  const handle = async (delivery: Delivery) => {
    const command = parseCommand(delivery);
    if (command?.source !== source) {
      logger.error(
        { messageId: delivery.messageId ?? null },
        'a message in the queue of commands is no command of this source',
      );
      return 'dead-letter';
    }
    if (deps.stop.aborted) return 'requeue';
    const work = command.type === 'check' ? () => check(command.checkId) : await claimed(command, delivery);
    if (work === undefined) return 'ack';
    const consumer = await registered.promise;
    const job = work().finally(() => {
      running.delete(job);
      consumer.resume();
    });
    running.add(job);
    if (running.size >= deps.concurrency) await consumer.pause();
    return 'ack';
  };

  const check = (checkId: string): Promise<void> =>
    deps.check(checkId).catch((err: unknown) => {
      if (!deps.stop.aborted) logger.error({ err, checkId }, 'the result of a check is not kept');
    });

  const claimed = async (command: RunCommand, delivery: Delivery): Promise<(() => Promise<void>) | undefined> => {
    const claim = await claimPatiently(deps, command.taskId, delivery.signal);
    if (claim !== undefined) return () => deps.attempt(claim, delivery.traceparent);
    logger.debug({ runId: command.runId, stream: command.stream }, 'the task is taken or over, its command is dropped');
    return undefined;
  };

  const consumer = await broker.consume({ queue: commandsQueue(source), prefetch: 1 }, handle);
  registered.resolve(consumer);
  return {
    stop: async () => {
      await consumer.stop();
      await Promise.all(running);
    },
  };
}

function parseCommand(delivery: Delivery): Command | undefined {
  try {
    return Command.parse(JSON.parse(delivery.body.toString('utf8')));
  } catch {
    return undefined;
  }
}

async function claimPatiently(
  { pool, logger, stop, claimedBy, leaseMs }: CommandConsumerDeps,
  taskId: string,
  taken: AbortSignal,
): Promise<Claim | undefined> {
  const signal = AbortSignal.any([stop, taken]);
  return withPatience(() => claimTask(pool, { taskId, claimedBy, leaseMs }), { logger, signal });
}
