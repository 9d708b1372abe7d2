import type { Broker, Consumer } from '@pipeline/broker';
import { archiveDeadLetter } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { history } from '@pipeline/probe';
import { DEAD_LETTERS_QUEUE, type Logger } from '@pipeline/protocol';
import { judgeErrors } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import { z } from 'zod';

/** What RabbitMQ says of a dead letter's first death. Absent fields are tolerated: they differ between versions. */
const DeathHeaders = z.object({
  'x-first-death-queue': z.string().catch('unknown'),
  'x-first-death-reason': z.string().catch('unknown'),
  'x-first-death-exchange': z.string().catch('unknown'),
  'x-death': z.array(z.object({ 'routing-keys': z.array(z.string()).catch([]) })).catch([]),
});

/** Moves dead letters into PostgreSQL, where they can be looked at without being lost. */
export function archiveDeadLetters(deps: {
  pool: Pool;
  broker: Broker;
  logger: Logger;
  defects: Defects;
}): Promise<Consumer> {
  const { logger } = deps;
  const waiting = 'dead letters wait';
  const judge = judgeErrors({ logger, waiting, expected: expectedFailure, onDefect: deps.defects('dead-letters') });
  return deps.broker.consume({ queue: DEAD_LETTERS_QUEUE, prefetch: 1 }, async (message) => {
    const death = DeathHeaders.parse(message.headers);
    const letter = {
      queue: death['x-first-death-queue'],
      exchange: death['x-first-death-exchange'],
      routingKey: death['x-death'][0]?.['routing-keys'][0] ?? message.routingKey,
      messageId: message.messageId ?? null,
      reason: death['x-first-death-reason'],
      properties: {
        type: message.type ?? null,
        contentType: message.contentType ?? null,
        contentEncoding: message.contentEncoding ?? null,
      },
      headers: message.headers,
      body: message.body,
    };
    let reason: string;
    try {
      reason = await archiveDeadLetter(deps.pool, letter);
    } catch (error) {
      // This queue has no dead letters of its own: giving up on one would lose it.
      judge.failed(error);
      return 'requeue';
    }
    judge.succeeded();
    if (message.type === 'batch') history('archive', message.headers);
    logger.error(
      { queue: letter.queue, messageId: letter.messageId },
      `a dead letter was archived in pipeline.dead_letters: ${reason}`,
    );
    return 'ack';
  });
}
