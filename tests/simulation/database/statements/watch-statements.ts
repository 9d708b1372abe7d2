import * as leader from '../../../../libs/control/src/cycle/leader.sql.ts';
import * as outbox from '../../../../libs/control/src/cycle/outbox.sql.ts';
import * as deadLetters from '../../../../libs/control/src/operate/dead-letters.sql.ts';
import * as watchdog from '../../../../libs/control/src/task/watchdog.sql.ts';
import type { Call, Meanings } from '../statement.ts';
import { num, seconds, text } from './value.ts';

export const watchStatements: Meanings = {
  // No message of the simulation becomes a dead letter.
  [deadLetters.discardObsolete.name]: () => [],

  [outbox.insertMessage.name]: ({ transaction, tables, values, next }) => [
    transaction.insert(tables.outbox, {
      id: next(),
      exchange: text(values[0]),
      routing_key: text(values[1]),
      type: text(values[2]),
      body: text(values[3]),
      published_at: null,
    }),
  ],

  [outbox.lockWaitingMessages.name]: ({ transaction, tables, values, lock }) =>
    transaction
      .selectFor(tables.outbox, ({ published_at }) => published_at === null, lock, num(values[0]))
      .map(({ id, exchange, routing_key, type, body }) => ({
        ...{ id: String(id), exchange, routingKey: routing_key, type, body },
      })),

  [outbox.markPublished.name]: ({ transaction, tables, values, now }) => {
    const ids = new Set(Array.isArray(values[0]) ? values[0].map(num) : []);
    return transaction.update(
      tables.outbox,
      ({ id }) => ids.has(id),
      () => ({ published_at: now }),
    );
  },

  [leader.takeOrKeepLead.name]: ({ transaction, tables, values, now }) => {
    const leader = { name: text(values[0]), holder: text(values[1]), lease_until: now + seconds(values[2]) };
    if (transaction.insertIfAbsent(tables.leaders, leader)) return [leader];
    return transaction.update(
      tables.leaders,
      ({ name, holder, lease_until }) => name === leader.name && (holder === leader.holder || lease_until < now),
      () => leader,
    );
  },

  [watchdog.selectDeadLeases.name]: (call) =>
    underWay(call, 'running').filter(
      ({ attempt }) => attempt.extracted_at === null && attempt.outcome === null && attempt.lease_until < call.now,
    ),

  [watchdog.selectWithoutProgress.name]: (call) => {
    const { transaction, tables, values, now } = call;
    return underWay(call, 'loading').filter(({ attempt }) => {
      const batches = transaction.select(tables.ledger, ({ epoch }) => epoch === attempt.epoch);
      const [manifest] = transaction.select(tables.manifests, ({ epoch }) => epoch === attempt.epoch);
      const isWhole = manifest !== undefined && batches.length === JSON.parse(manifest.manifest).lastSeq + 1;
      const signs = [attempt.progress_at, attempt.extracted_at ?? 0, ...batches.map(({ loaded_at }) => loaded_at)];
      return attempt.outcome === null && !isWhole && Math.max(...signs) < now - seconds(values[0]);
    });
  },

  [watchdog.lockQueuedTasks.name]: ({ transaction, tables, values, lock, now }) => {
    const waiting = transaction.select(tables.outbox, ({ published_at }) => published_at === null);
    const isWaiting = (taskId: string) => waiting.some(({ body }) => JSON.parse(body).taskId === taskId);
    return transaction
      .selectFor(tables.tasks, ({ status }) => status === 'queued', lock)
      .map((task) => ({
        ...task,
        orphaned: false,
        stale: task.command_sent_at < now - seconds(values[2]) && !isWaiting(task.id),
      }));
  },

  [watchdog.markCommandSent.name]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.tasks,
      ({ id }) => id === values[0],
      () => ({ command_sent_at: now }),
    ),
};

/** Tasks of this status with their current attempts. */
function underWay({ transaction, tables }: Call, status: string) {
  return transaction
    .select(tables.tasks, (task) => task.status === status)
    .flatMap((task) =>
      transaction
        .select(tables.attempts, ({ epoch }) => epoch === task.current_epoch)
        .map((attempt) => ({ ...task, epoch: String(attempt.epoch), attempt })),
    );
}
