import type { Statement } from '@pipeline/postgres';
import { lockCycle } from '../../libs/control/src/cycle/cycles.sql.ts';
import { lockLiveRun } from '../../libs/control/src/cycle/runs.sql.ts';
import { lockCurrentEpoch } from '../../libs/control/src/load/fence.sql.ts';
import * as finalise from '../../libs/control/src/load/finalise.sql.ts';
import { removeLateRows } from '../../libs/control/src/task/leftovers.sql.ts';
import { selectLiveTaskOfStream } from '../../libs/control/src/task/live-task.sql.ts';
import { lockAttempts, lockQueuedTask } from '../../libs/control/src/task/tasks.sql.ts';
import * as watchdog from '../../libs/control/src/task/watchdog.sql.ts';
import { meanings } from './database/meanings.ts';
import type { Lock } from './database/row-lock.ts';
import { isUnderWay } from './database/schema.ts';
import { Dialect, type Meaning } from './database/statement.ts';
import { targetRows } from './database/statements/load-statements.ts';
import { num, text } from './database/statements/value.ts';
import type { Mutation } from './simulation.ts';

const FOR_UPDATE: Lock = { mode: 'update', skipLocked: false };

/** Every protection that the simulation can switch off, by what is then wrong. Each must be noticed. */
export const mutations: Record<string, Mutation> = {
  'the fence does not lock the task': unlocked(lockCurrentEpoch),
  'the fence looks at no epoch': meaning(lockCurrentEpoch, ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.tasks, ({ id, status }) => id === values[0] && isUnderWay(status), lock),
  ),
  'the ledger takes a batch twice': {
    alter: (tables) => {
      for (const table of [tables.ledger, tables.checkpoints, tables.manifests]) table.unique = [];
    },
  },
  'nothing is cleaned up at the claim': meaning(removeLateRows, () => []),
  'the bookmark follows the newest batch and not the watermark': meaning(
    finalise.selectWatermark,
    ({ transaction, tables, values }) => {
      const batches = transaction.select(tables.ledger, ({ epoch }) => epoch === num(values[0]));
      return [{ watermark: Math.max(-1, ...batches.map(({ seq }) => seq)) }];
    },
  ),
  'an older batch replaces what a later one brought': meaning(
    { name: 'warehouse: write' },
    ({ transaction, tables, values }) => {
      const table = tables.target(text(values[0]));
      const rows = targetRows(values);
      for (const row of rows) transaction.upsert(table, row, () => true);
      return rows;
    },
  ),
  'a task is claimed whatever its state': meaning(lockQueuedTask, ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.tasks, ({ id }) => id === values[0], lock),
  ),
  'the claim does not lock the task': unlocked(lockQueuedTask),
  'finalisers do not take turns': unlocked(finalise.lockLiveAttempt),
  'whoever ends an attempt locks it also against those who only refer to it': {
    dialect: new Dialect(meanings, {
      [lockAttempts.name]: FOR_UPDATE,
      [finalise.lockLiveAttempt.name]: FOR_UPDATE,
    }),
  },
  'tasks that end together do not lock their run': unlocked(lockLiveRun),
  'schedulers do not take turns': unlocked(lockCycle),
  'two cycles may live': {
    alter: (tables) => {
      tables.cycles.unique = [];
    },
  },
  'nobody looks for dead leases': meaning(watchdog.selectDeadLeases, () => []),
  'nobody looks for lost batches': meaning(watchdog.selectWithoutProgress, () => []),
  'nobody sends a lost command again': meaning(watchdog.lockQueuedTasks, () => []),
  'an operator changes a bookmark and lets the attempt go on': meaning(selectLiveTaskOfStream, () => []),
  'nobody sweeps': { off: 'the sweep' },
  'a batch is acked before it is committed': { off: 'acks after the commit' },
  'a failed read is tried again under the same epoch': { off: 'a new attempt has a new epoch' },
  'a message that came back counts as published': { off: 'a returned message is not published' },
  'a read that ended early counts as complete': { off: 'an early end is incomplete' },
  'a batch finalises its attempt in its own transaction': { off: 'finalises after the commit' },
};

/** The statement without its locking clause. */
function unlocked({ name }: Named): Mutation {
  return { dialect: new Dialect(meanings, { [name]: undefined }) };
}

/** The statement means something else. */
function meaning({ name }: Named, instead: Meaning): Mutation {
  if (meanings[name] === undefined) throw new RangeError(`the simulation knows no statement ${name}`);
  return { dialect: new Dialect({ ...meanings, [name]: instead }) };
}

type Named = Pick<Statement, 'name'>;
