import type { Message } from '@pipeline/broker';
import type { DeadLetter, DeadLetterRow } from '@pipeline/control';
import type { DeadLetterItem } from '@pipeline/protocol/api';
import { z } from 'zod';

const Properties = z.object({
  type: z.string().catch('unknown'),
  contentType: z.string().catch('application/octet-stream'),
  contentEncoding: z.string().nullable().catch(null),
});

/** The message as it was before the broker wrote its deaths into the headers. */
export function messageOf(letter: DeadLetter, id: string): Message {
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

/** A dead letter with what may be done with it now. */
export function describeDeadLetter({ epoch, seq, attemptState, ...row }: DeadLetterRow): DeadLetterItem {
  const attempt = epoch === null || seq === null || attemptState === null ? null : { epoch, seq, state: attemptState };
  return { ...row, attempt, commands: row.state === 'open' ? commandsFor(attempt, row.type) : [] };
}

function commandsFor(attempt: DeadLetterItem['attempt'], type: string | null): DeadLetterItem['commands'] {
  const discard = { name: 'discard' as const, meaning: 'closes it; nothing is sent' };
  if (type !== 'batch') return [{ name: 'replay', meaning: 'sends it again' }, discard];
  if (attempt?.state !== 'live')
    return [{ ...discard, meaning: 'its attempt is over and a later one has read its rows again: nothing is lost' }];
  return [
    { name: 'replay', meaning: 'sends it again: a loader takes it as if nothing had happened' },
    { name: 'skip', meaning: 'skips its rows, so that the run can end; the next full read brings them' },
    { ...discard, meaning: 'closes it; its attempt goes on waiting for it and will be repeated' },
  ];
}
