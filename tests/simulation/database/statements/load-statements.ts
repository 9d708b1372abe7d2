import { isUnderWay, type TargetRow } from '../schema.ts';
import type { Meanings } from '../statement.ts';
import { num, numOrNull, text } from './value.ts';

/** libs/control/src/load, task/states.ts */
export const loadStatements: Meanings = {
  [`select from pipeline.tasks where id = $1 and current_epoch = $2 and status in ('running', 'loading') for share`]: ({
    transaction,
    tables,
    values,
    lock,
  }) =>
    transaction.selectFor(
      tables.tasks,
      ({ id, current_epoch, status }) => id === values[0] && current_epoch === num(values[1]) && isUnderWay(status),
      lock,
    ),

  [`insert into pipeline.ledger (epoch, seq, stream, sha256, rows, bytes) values ($1, $2, $3, decode($4, 'hex'), $5, $6)
    on conflict (epoch, seq) do nothing`]: ({ transaction, tables, values, now }) => {
    const batch = {
      epoch: num(values[0]),
      seq: num(values[1]),
      stream: text(values[2]),
      sha256: text(values[3]),
      rows: num(values[4]),
      skipped: false,
      loaded_at: now,
    };
    return transaction.insertIfAbsent(tables.ledger, batch) ? [batch] : [];
  },

  [`select encode(sha256, 'hex') as sha256 from pipeline.ledger where epoch = $1 and seq = $2`]: ({
    transaction,
    tables,
    values,
  }) => transaction.select(tables.ledger, ({ epoch, seq }) => epoch === num(values[0]) && seq === num(values[1])),

  'insert into pipeline.checkpoints (epoch, seq, value) values ($1, $2, $3)': ({ transaction, tables, values }) => [
    transaction.insert(tables.checkpoints, {
      epoch: num(values[0]),
      seq: num(values[1]),
      value: text(values[2]),
    }),
  ],

  'insert into pipeline.manifests (epoch, manifest) values ($1, $2)': ({ transaction, tables, values }) => [
    transaction.insert(tables.manifests, { epoch: num(values[0]), manifest: text(values[1]) }),
  ],

  'select from pipeline.attempts where epoch = $1 and outcome is null for no key update': ({
    transaction,
    tables,
    values,
    lock,
  }) =>
    transaction.selectFor(tables.attempts, ({ epoch, outcome }) => epoch === num(values[0]) && outcome === null, lock),

  [`select a.epoch::text, a.task_id, t.run_id, r.cycle_id, t.pipeline, t.source, t.stream, a.watermark, a.applied_seq,
      m.manifest, t.mass_deletes
    from pipeline.attempts a join pipeline.tasks t on t.id = a.task_id and t.current_epoch = a.epoch
    join pipeline.runs r on r.id = t.run_id left join pipeline.manifests m on m.epoch = a.epoch
    where a.epoch = $1 for share of t`]: ({ transaction, tables, values, lock }) => {
    const [attempt] = transaction.select(tables.attempts, ({ epoch }) => epoch === num(values[0]));
    if (attempt === undefined) return [];
    const { epoch, task_id, watermark, applied_seq } = attempt;
    const [task] = transaction.selectFor(
      tables.tasks,
      ({ id, current_epoch }) => id === task_id && current_epoch === epoch,
      lock,
    );
    if (task === undefined) return [];
    const [run] = transaction.select(tables.runs, ({ id }) => id === task.run_id);
    const [manifest] = transaction.select(tables.manifests, (row) => row.epoch === epoch);
    return [
      {
        ...{ epoch: String(epoch), task_id, watermark, applied_seq, cycle_id: run?.cycle_id },
        ...{ run_id: task.run_id, pipeline: task.pipeline, source: task.source, stream: task.stream },
        ...{ mass_deletes: task.mass_deletes, manifest: manifest === undefined ? null : JSON.parse(manifest.manifest) },
      },
    ];
  },

  [`select max(seq) as watermark
    from (select seq, row_number() over (order by seq) as n from pipeline.ledger where epoch = $1 and seq > $2) beyond
    where seq = $2 + n`]: ({ transaction, tables, values }) => {
    const beyond = transaction.select(
      tables.ledger,
      ({ epoch, seq }) => epoch === num(values[0]) && seq > num(values[1]),
    );
    const seqs = beyond.map(({ seq }) => seq).sort((one, other) => one - other);
    const gapless = seqs.filter((seq, index) => seq === num(values[1]) + index + 1);
    return [{ watermark: gapless.at(-1) ?? null }];
  },

  'update pipeline.attempts set watermark = $2, progress_at = clock_timestamp() where epoch = $1': ({
    transaction,
    tables,
    values,
    now,
  }) =>
    transaction.update(
      tables.attempts,
      ({ epoch }) => epoch === num(values[0]),
      () => ({ watermark: num(values[1]), progress_at: now }),
    ),

  'select stream, sum(rows) as rows from pipeline.ledger where epoch = $1 group by stream': ({
    transaction,
    tables,
    values,
  }) => {
    const sums = new Map<string, number>();
    for (const { stream, rows } of transaction.select(tables.ledger, ({ epoch }) => epoch === num(values[0]))) {
      sums.set(stream, (sums.get(stream) ?? 0) + rows);
    }
    return [...sums].map(([stream, rows]) => ({ stream, rows: String(rows) }));
  },

  'select from pipeline.ledger where epoch = $1 and skipped limit 1': ({ transaction, tables, values }) =>
    transaction.select(tables.ledger, ({ epoch, skipped }) => epoch === num(values[0]) && skipped).slice(0, 1),

  // The simulated records all fit.
  [`select stream from pipeline.ledger where epoch = $1 and rejected > 0
    union select stream from pipeline.rejected_records where epoch = $1`]: () => [],

  'update pipeline.attempts set deleted = $2 where epoch = $1': ({ transaction, tables, values }) =>
    transaction.update(
      tables.attempts,
      ({ epoch }) => epoch === num(values[0]),
      () => ({}),
    ),

  [`select seq, value::text from pipeline.checkpoints where epoch = $1 and seq > $2 and seq <= $3
    order by seq desc limit 1`]: ({ transaction, tables, values }) =>
    transaction
      .select(
        tables.checkpoints,
        ({ epoch, seq }) => epoch === num(values[0]) && seq > num(values[1]) && seq <= num(values[2]),
      )
      .sort((one, other) => other.seq - one.seq)
      .slice(0, 1),

  'update pipeline.attempts set applied_seq = $2 where epoch = $1': ({ transaction, tables, values }) =>
    transaction.update(
      tables.attempts,
      ({ epoch }) => epoch === num(values[0]),
      () => ({ applied_seq: num(values[1]) }),
    ),

  'update pipeline.attempts set outcome = $2, cleaned = $3, finished_at = clock_timestamp() where epoch = $1': ({
    transaction,
    tables,
    values,
  }) =>
    transaction.update(
      tables.attempts,
      ({ epoch }) => epoch === num(values[0]),
      () => ({ outcome: text(values[1]), cleaned: values[2] === true }),
    ),

  'update pipeline.tasks set status = $2, finished_at = clock_timestamp() where id = $1 and current_epoch = $3': ({
    transaction,
    tables,
    values,
  }) =>
    transaction.update(
      tables.tasks,
      ({ id, current_epoch }) => id === values[0] && current_epoch === num(values[2]),
      () => ({ status: text(values[1]) }),
    ),

  'select epoch::text from pipeline.attempts where outcome is null order by epoch': ({ transaction, tables }) =>
    transaction
      .select(tables.attempts, ({ outcome }) => outcome === null)
      .map(({ epoch }) => ({ epoch: String(epoch) })),

  'select value::text from pipeline.states where pipeline = $1 and stream = $2 and is_current': ({
    transaction,
    tables,
    values,
  }) =>
    transaction.select(
      tables.states,
      ({ pipeline, stream, is_current }) => pipeline === values[0] && stream === values[1] && is_current,
    ),

  'update pipeline.states set is_current = false where pipeline = $1 and stream = $2 and is_current': ({
    transaction,
    tables,
    values,
  }) =>
    transaction.update(
      tables.states,
      ({ pipeline, stream, is_current }) => pipeline === values[0] && stream === values[1] && is_current,
      () => ({ is_current: false }),
    ),

  'insert into pipeline.states (pipeline, stream, value, epoch, seq, set_by) values ($1, $2, $3, $4, $5, $6)': ({
    transaction,
    tables,
    values,
    next,
  }) => [
    transaction.insert(tables.states, {
      id: next(),
      pipeline: text(values[0]),
      stream: text(values[1]),
      value: text(values[2]),
      epoch: numOrNull(values[3]),
      seq: numOrNull(values[4]),
      is_current: true,
    }),
  ],

  // What libs/warehouse does, which has tests of its own: values are stream, rows, sequence.
  'warehouse: write': ({ transaction, tables, values }) => {
    const table = tables.target(text(values[0]));
    const rows = targetRows(values);
    for (const row of rows) {
      if (table.unique.length === 0) transaction.insert(table, row);
      else transaction.upsert(table, row, (present) => present.sequence < row.sequence);
    }
    return rows;
  },

  // Values are stream, first and last sequence of the attempt.
  'warehouse: bury': ({ transaction, tables, values }) =>
    transaction.update(
      tables.target(text(values[0])),
      ({ sequence, isDeleted }) => sequence < num(values[1]) && !isDeleted,
      () => ({ isDeleted: true, sequence: num(values[2]) }),
    ),
};

/** Rows as a batch brings them, in the order in which they are locked. */
export function targetRows([, records, sequence]: readonly unknown[]): TargetRow[] {
  const rows: TargetRow[] = Array.isArray(records) ? records : [];
  return rows
    .map(({ id, value }) => ({ id, value, sequence: num(sequence), isDeleted: false }))
    .sort((one, other) => one.id - other.id);
}
