import * as fence from '../../../../libs/control/src/load/fence.sql.ts';
import * as finalise from '../../../../libs/control/src/load/finalise.sql.ts';
import * as ledger from '../../../../libs/control/src/load/ledger.sql.ts';
import * as states from '../../../../libs/control/src/task/states.sql.ts';
import { isUnderWay, type TargetRow } from '../schema.ts';
import type { Meanings } from '../statement.ts';
import { num, numOrNull, text, textOrNull } from './value.ts';

export const loadStatements: Meanings = {
  [fence.lockCurrentEpoch.name]: ({ transaction, tables, values, lock }) =>
    transaction.selectFor(
      tables.tasks,
      ({ id, current_epoch, status }) => id === values[0] && current_epoch === num(values[1]) && isUnderWay(status),
      lock,
    ),

  [ledger.insertBatch.name]: ({ transaction, tables, values, now }) => {
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

  [ledger.selectContent.name]: ({ transaction, tables, values }) =>
    transaction.select(tables.ledger, ({ epoch, seq }) => epoch === num(values[0]) && seq === num(values[1])),

  [ledger.insertCheckpoint.name]: ({ transaction, tables, values }) => [
    transaction.insert(tables.checkpoints, {
      epoch: num(values[0]),
      seq: num(values[1]),
      value: text(values[2]),
    }),
  ],

  [ledger.insertManifest.name]: ({ transaction, tables, values }) => [
    transaction.insert(tables.manifests, { epoch: num(values[0]), manifest: text(values[1]) }),
  ],

  [finalise.lockLiveAttempt.name]: ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.attempts, ({ epoch, outcome }) => epoch === num(values[0]) && outcome === null, lock),

  [finalise.selectAttempt.name]: ({ transaction, tables, values, lock }) => {
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

  [finalise.selectWatermark.name]: ({ transaction, tables, values }) => {
    const beyond = transaction.select(
      tables.ledger,
      ({ epoch, seq }) => epoch === num(values[0]) && seq > num(values[1]),
    );
    const seqs = beyond.map(({ seq }) => seq).sort((one, other) => one - other);
    const gapless = seqs.filter((seq, index) => seq === num(values[1]) + index + 1);
    return [{ watermark: gapless.at(-1) ?? null }];
  },

  [finalise.updateWatermark.name]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.attempts,
      ({ epoch }) => epoch === num(values[0]),
      () => ({ watermark: num(values[1]), progress_at: now }),
    ),

  // The simulated records all fit.
  [finalise.sumRows.name]: ({ transaction, tables, values }) => {
    const sums = new Map<string, number>();
    for (const { stream, rows } of transaction.select(tables.ledger, ({ epoch }) => epoch === num(values[0]))) {
      sums.set(stream, (sums.get(stream) ?? 0) + rows);
    }
    return [...sums].map(([stream, rows]) => ({ stream, rows: String(rows), rejected: '0' }));
  },

  [finalise.selectSkipped.name]: ({ transaction, tables, values }) =>
    transaction.select(tables.ledger, ({ epoch, skipped }) => epoch === num(values[0]) && skipped).slice(0, 1),

  [finalise.selectUncertainStreams.name]: () => [],

  [finalise.updateDeleted.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.attempts,
      ({ epoch }) => epoch === num(values[0]),
      () => ({}),
    ),

  [finalise.selectCheckpoint.name]: ({ transaction, tables, values }) =>
    transaction
      .select(
        tables.checkpoints,
        ({ epoch, seq }) => epoch === num(values[0]) && seq > num(values[1]) && seq <= num(values[2]),
      )
      .sort((one, other) => other.seq - one.seq)
      .slice(0, 1),

  [finalise.updateAppliedSeq.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.attempts,
      ({ epoch }) => epoch === num(values[0]),
      () => ({ applied_seq: num(values[1]) }),
    ),

  [finalise.endWholeAttempt.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.attempts,
      ({ epoch }) => epoch === num(values[0]),
      () => ({ outcome: text(values[1]), cleaned: values[2] === true, error: textOrNull(values[3]) }),
    ),

  [finalise.endWholeTask.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.tasks,
      ({ id, current_epoch }) => id === values[0] && current_epoch === num(values[2]),
      () => ({ status: text(values[1]), error: textOrNull(values[3]) }),
    ),

  [finalise.selectLiveEpochs.name]: ({ transaction, tables }) =>
    transaction
      .select(tables.attempts, ({ outcome }) => outcome === null)
      .map(({ epoch }) => ({ epoch: String(epoch) })),

  [states.selectCurrentState.name]: ({ transaction, tables, values }) =>
    transaction.select(
      tables.states,
      ({ pipeline, stream, is_current }) => pipeline === values[0] && stream === values[1] && is_current,
    ),

  [states.retireState.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.states,
      ({ pipeline, stream, is_current }) => pipeline === values[0] && stream === values[1] && is_current,
      () => ({ is_current: false }),
    ),

  [states.insertState.name]: ({ transaction, tables, values, next }) => [
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
  'warehouse: soft delete': ({ transaction, tables, values }) =>
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
