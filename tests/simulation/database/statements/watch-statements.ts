import type { Call, Meanings } from '../statement.ts';
import { num, seconds, text } from './value.ts';

/** libs/control/src/cycle/outbox.ts, cycle/leader.ts, task/watchdog.ts */
export const watchStatements: Meanings = {
  'insert into pipeline.outbox (exchange, routing_key, type, body) values ($1, $2, $3, $4)': ({
    transaction,
    tables,
    values,
    next,
  }) => [
    transaction.insert(tables.outbox, {
      id: next(),
      exchange: text(values[0]),
      routing_key: text(values[1]),
      type: text(values[2]),
      body: text(values[3]),
      published_at: null,
    }),
  ],

  [`select id::text, exchange, routing_key as "routingKey", type, body::text from pipeline.outbox
    where published_at is null order by outbox.id limit $1 for update skip locked`]: ({
    transaction,
    tables,
    values,
    lock,
  }) =>
    transaction
      .selectFor(tables.outbox, ({ published_at }) => published_at === null, lock, num(values[0]))
      .map(({ id, exchange, routing_key, type, body }) => ({
        ...{ id: String(id), exchange, routingKey: routing_key, type, body },
      })),

  'update pipeline.outbox set published_at = clock_timestamp() where id = any($1)': ({
    transaction,
    tables,
    values,
    now,
  }) => {
    const ids = new Set(Array.isArray(values[0]) ? values[0].map(num) : []);
    return transaction.update(
      tables.outbox,
      ({ id }) => ids.has(id),
      () => ({ published_at: now }),
    );
  },

  [`insert into pipeline.leaders as leader (name, holder, lease_until)
    values ($1, $2, clock_timestamp() + make_interval(secs => $3))
    on conflict (name) do update set holder = excluded.holder, lease_until = excluded.lease_until
    where leader.holder = excluded.holder or leader.lease_until < clock_timestamp()`]: ({
    transaction,
    tables,
    values,
    now,
  }) => {
    const leader = { name: text(values[0]), holder: text(values[1]), lease_until: now + seconds(values[2]) };
    if (transaction.insertIfAbsent(tables.leaders, leader)) return [leader];
    return transaction.update(
      tables.leaders,
      ({ name, holder, lease_until }) => name === leader.name && (holder === leader.holder || lease_until < now),
      () => leader,
    );
  },

  [`select t.id, a.epoch::text, t.run_id, t.pipeline, t.source, t.stream
    from pipeline.tasks t join pipeline.attempts a on a.epoch = t.current_epoch
    where t.status = 'running' and a.extracted_at is null and a.outcome is null and a.lease_until < clock_timestamp()`]:
    (call) =>
      underWay(call, 'running').filter(
        ({ attempt }) => attempt.extracted_at === null && attempt.outcome === null && attempt.lease_until < call.now,
      ),

  [`select t.id, a.epoch::text, t.run_id, t.pipeline, t.source, t.stream
    from pipeline.tasks t join pipeline.attempts a on a.epoch = t.current_epoch
    left join pipeline.manifests m on m.epoch = a.epoch
    where t.status = 'loading' and a.outcome is null
      and (select count(*) from pipeline.ledger l where l.epoch = a.epoch)
        is distinct from (m.manifest ->> 'lastSeq')::bigint + 1
      and greatest(a.progress_at, a.extracted_at, (select max(l.loaded_at) from pipeline.ledger l where l.epoch = a.epoch))
        < clock_timestamp() - make_interval(secs => $1)`]: (call) => {
    const { transaction, tables, values, now } = call;
    return underWay(call, 'loading').filter(({ attempt }) => {
      const batches = transaction.select(tables.ledger, ({ epoch }) => epoch === attempt.epoch);
      const [manifest] = transaction.select(tables.manifests, ({ epoch }) => epoch === attempt.epoch);
      const isWhole = manifest !== undefined && batches.length === JSON.parse(manifest.manifest).lastSeq + 1;
      const signs = [attempt.progress_at, attempt.extracted_at ?? 0, ...batches.map(({ loaded_at }) => loaded_at)];
      return attempt.outcome === null && !isWhole && Math.max(...signs) < now - seconds(values[0]);
    });
  },

  [`select t.id, null as epoch, t.run_id, t.pipeline, t.source, t.stream,
      p.seen_at < clock_timestamp() - make_interval(secs => $1)
        and t.queued_at < clock_timestamp() - make_interval(secs => $2) as orphaned,
      t.command_sent_at < clock_timestamp() - make_interval(secs => $3)
        and not exists (select from pipeline.outbox o where o.published_at is null and o.body ->> 'taskId' = t.id::text) as stale
    from pipeline.tasks t join pipeline.pipelines p on p.name = t.pipeline
    where t.status = 'queued' for update of t skip locked`]: ({ transaction, tables, values, lock, now }) => {
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

  'update pipeline.tasks set command_sent_at = clock_timestamp() where id = $1': ({
    transaction,
    tables,
    values,
    now,
  }) =>
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
