import { meanings } from './database/meanings.ts';
import { isUnderWay } from './database/schema.ts';
import { Dialect, type Meaning, type Meanings, oneLine } from './database/statement.ts';
import { targetRows } from './database/statements/load-statements.ts';
import { num, text } from './database/statements/value.ts';
import type { Mutation } from './simulation.ts';

/** Every protection that the simulation can switch off, by what is then wrong. Each must be noticed. */
export const mutations: Record<string, Mutation> = {
  'the fence does not lock the task': unlocked('from pipeline.tasks where id = $1 and current_epoch = $2'),
  'the fence looks at no epoch': meaning(
    'from pipeline.tasks where id = $1 and current_epoch = $2',
    ({ transaction, tables, values, lock }) =>
      transaction.selectFor(tables.tasks, ({ id, status }) => id === values[0] && isUnderWay(status), lock),
  ),
  'the ledger takes a batch twice': {
    alter: (tables) => {
      for (const table of [tables.ledger, tables.checkpoints, tables.manifests]) table.unique = [];
    },
  },
  'nothing is cleaned up at the claim': meaning('delete from "sim"', () => []),
  'the bookmark follows the newest batch and not the watermark': meaning(
    'select max(seq) as watermark',
    ({ transaction, tables, values }) => {
      const batches = transaction.select(tables.ledger, ({ epoch }) => epoch === num(values[0]));
      return [{ watermark: Math.max(-1, ...batches.map(({ seq }) => seq)) }];
    },
  ),
  'an older batch replaces what a later one brought': meaning('warehouse: write', ({ transaction, tables, values }) => {
    const table = tables.target(text(values[0]));
    const rows = targetRows(values);
    for (const row of rows) transaction.upsert(table, row, () => true);
    return rows;
  }),
  'a task is claimed whatever its state': meaning(
    `from pipeline.tasks where id = $1 and status = 'queued'`,
    ({ transaction, tables, values, lock }) => transaction.selectFor(tables.tasks, ({ id }) => id === values[0], lock),
  ),
  'the claim does not lock the task': unlocked(`from pipeline.tasks where id = $1 and status = 'queued'`),
  'finalisers do not take turns': unlocked('select from pipeline.attempts where epoch = $1 and outcome is null'),
  'whoever ends an attempt locks it also against those who only refer to it': {
    dialect: new Dialect(meanings, (statement) =>
      statement.replace(/(from pipeline\.attempts where epoch = \$1.*) for no key update$/, '$1 for update'),
    ),
  },
  'tasks that end together do not lock their run': unlocked('from pipeline.runs where id = $1'),
  'schedulers do not take turns': unlocked('select from pipeline.cycles where id = $1'),
  'two cycles may live': {
    alter: (tables) => {
      tables.cycles.unique = [];
    },
  },
  'nobody looks for dead leases': meaning("where t.status = 'running' and a.extracted_at is null", () => []),
  'nobody looks for lost batches': meaning(`where t.status = 'loading' and a.outcome is null`, () => []),
  'nobody sends a lost command again': meaning(`where t.status = 'queued'`, () => []),
  'an operator changes a bookmark and lets the attempt go on': meaning(
    'where pipeline = $1 and stream = $2 and status in',
    () => [],
  ),
  'nobody sweeps': { off: 'the sweep' },
  'a batch is acked before it is committed': { off: 'acks after the commit' },
  'a failed read is tried again under the same epoch': { off: 'a new attempt has a new epoch' },
  'a message that came back counts as published': { off: 'a returned message is not published' },
  'a read that ended early counts as complete': { off: 'an early end is incomplete' },
  'a batch finalises its attempt in its own transaction': { off: 'finalises after the commit' },
};

/** The statement without its locking clause. */
function unlocked(part: string): Mutation {
  return {
    dialect: new Dialect(meanings, (statement) =>
      statement.includes(part) ? statement.replace(/ for (share|(no key )?update)$/, '') : statement,
    ),
  };
}

/** Statements that contain this part mean something else. */
function meaning(part: string, instead: Meaning): Mutation {
  const found = Object.keys(meanings).filter((statement) => oneLine(statement).includes(part));
  if (found.length === 0) throw new RangeError(`no statement contains ${part}`);
  const changed: Meanings = Object.fromEntries(found.map((statement) => [statement, instead]));
  return { dialect: new Dialect({ ...meanings, ...changed }) };
}
