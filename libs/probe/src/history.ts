import { randomUUID } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { z } from 'zod';

const common = { at: z.iso.datetime(), process: z.string() };
const batch = {
  task: z.uuid(),
  epoch: z.int(),
  seq: z.int(),
  stream: z.string(),
  sha256: z.string(),
  rows: z.int(),
  redelivered: z.boolean().optional(),
};

/** What a line of the history says. Before its effect is noted what must not be missing when the effect is there (`publish`, `load`, `ack`),
 *  after it what must not be there without it (`claim`, `confirm`, `commit`, `finalise`). A process that dies between effect and note
 *  leaves no line: no line means that nobody knows.
 *
 *  | event | noted |
 *  |---|---|
 *  | `claim` | the claim of a task is committed |
 *  | `publish`, `confirm` | a batch is about to be sent; the broker has it. Each repetition anew |
 *  | `deliver`, `ack` | a batch has arrived; it is about to be acked |
 *  | `load`, `commit` | its transaction is about to be committed; it is committed |
 *  | `known`, `fence`, `refuse` | nothing was written: it is in the ledger; its attempt is over; its stream cannot go on |
 *  | `archive` | it is in `pipeline.dead_letters` |
 *  | `finalise` | the end of an attempt is committed | */
export const HistoryEvent = z.discriminatedUnion('event', [
  z.object({ ...common, event: z.literal('claim'), task: z.uuid(), epoch: z.int() }),
  z.object({
    ...common,
    event: z.enum(['publish', 'confirm', 'deliver', 'load', 'commit', 'known', 'fence', 'refuse', 'archive', 'ack']),
    ...batch,
  }),
  z.object({
    ...common,
    event: z.literal('finalise'),
    epoch: z.int(),
    outcome: z.enum(['loaded', 'incomplete']),
  }),
]);
export type HistoryEvent = z.infer<typeof HistoryEvent>;

/** Nothing else is written, whatever the subject holds. */
const FIELDS = ['at', 'process', 'event', 'outcome', ...Object.keys(batch)];
const PROCESS = randomUUID();

let file: number | undefined;

/** From now on this process notes what happens to batches at the end of the file, a JSON object a line. Several processes may share it. */
export function openHistory(path: string): void {
  file = openSync(path, 'a');
}

/** Notes an event, if there is a history. One write to a file opened for appending: no line is torn by another process, and SIGKILL
 *  loses at most the line that is being written. */
export function history(event: HistoryEvent['event'], subject: object): void {
  if (file === undefined) return;
  const line = JSON.stringify({ at: new Date().toISOString(), process: PROCESS, event, ...subject }, FIELDS);
  writeSync(file, `${line}\n`);
}
