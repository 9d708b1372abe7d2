import type { Message, Publisher } from '@pipeline/broker';
import { type DeadLetter, replayDeadLetter } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { RowParameters } from './row-id.ts';
import { ACTOR } from './stream-command.ts';

/** The task stays locked while the letter is sent. */
const PUBLISH_TIMEOUT_MS = 10_000;

/** POST /api/dead-letters/:id/replay: sends the message again where it was first sent. */
export function replayDeadLetterRoute(deps: { pool: Pool; publisher: Publisher }): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const { id } = RowParameters.parse(request.params);
    const outcome = await replayDeadLetter(deps.pool, { id, actor: ACTOR }, (letter) =>
      deps.publisher.publish(messageOf(letter, id), { signal: AbortSignal.timeout(PUBLISH_TIMEOUT_MS) }),
    );
    response.json({ id, outcome });
  };
}

const Properties = z.object({
  type: z.string().catch('unknown'),
  contentType: z.string().catch('application/octet-stream'),
  contentEncoding: z.string().nullable().catch(null),
});

/** The message as it was before the broker wrote its deaths into the headers. */
function messageOf(letter: DeadLetter, id: string): Message {
  const { contentEncoding, ...properties } = Properties.parse(letter.properties);
  const headers: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(letter.headers)) {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (isPlain && !name.startsWith('x-')) headers[name] = value;
  }
  return {
    ...properties,
    ...(contentEncoding === null ? {} : { contentEncoding }),
    exchange: letter.exchange,
    routingKey: letter.routingKey,
    messageId: letter.messageId ?? `dead-letter-${id}`,
    headers,
    body: letter.body,
  };
}
