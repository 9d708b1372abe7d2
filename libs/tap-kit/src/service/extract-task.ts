import type { DeleteRule } from '@pipeline/contracts';
import type { Claim } from '@pipeline/control';
import type { Stream } from '../declaration.ts';
import { type Extracted, extract } from '../extraction.ts';
import { bookmarkOf, isFullReadDue, type ReadProgress, stateAfter } from '../full-read.ts';
import { endsEarly } from '../http/failure.ts';
import type { HttpClient } from '../http-policy.ts';
import type { Selection } from '../selection.ts';
import type { Signals } from '../source.ts';
import type { BatchSender } from './batch-sender.ts';
import { within } from './within.ts';

/** Where the records of a read go. */
export type RecordSender = Pick<BatchSender, 'records' | 'checkpoint' | 'dueInMs' | 'flush' | 'finish'>;

export interface TaskRead<Settings> {
  task: Stream<Settings>;
  selection: Selection;
  settings: Settings;
  http: HttpClient;
  claim: Claim;
  sender: RecordSender;
  signals: Signals;
  fullReadIntervalSeconds: number;
}

/** How the read of a task begins. */
export function planRead(
  task: Pick<Stream<never>, 'name' | 'replication'>,
  claim: Pick<Claim, 'state' | 'fullRead' | 'startedAt'>,
  intervalSeconds: number,
): ReadProgress {
  const isFirst = bookmarkOf(claim.state, task.name) === undefined;
  const asked = { asked: claim.fullRead, startedAt: claim.startedAt, intervalSeconds };
  const fullRead = task.replication.method === 'FULL_TABLE' || isFullReadDue(claim.state, task.name, asked);
  return { startedAt: claim.startedAt, fullRead, isFirst, isOver: false };
}

/** Reads a task to its end and sends it. Undefined when it is complete; else the error because of which it ended early, with its checkpoints kept.
 *  @throws what makes the attempt fail. */
export async function extractTask<Settings>(read: TaskRead<Settings>, progress: ReadProgress): Promise<unknown> {
  const { task, claim, sender, settings, http } = read;
  let bookmark = bookmarkOf(claim.state, task.name);
  const deletes = new Map<string, DeleteRule>();
  const context = { settings, http, bookmark, fullRead: progress.fullRead, startedAt: progress.startedAt };
  const iterator = extract(task, read.selection, context, read.signals);
  try {
    for await (const item of flushingWhenDue(iterator, sender)) {
      if (item.type === 'records') await sender.records(item.stream.shape.name, item.records);
      else if (item.type === 'deletes') deletes.set(item.stream, item.rule);
      else {
        bookmark = item.bookmark;
        sender.checkpoint(stateAfter(claim.state, task.name, bookmark, progress));
      }
    }
  } catch (error) {
    if (!endsEarly(error)) throw error;
    await sender.finish({ complete: false, deletes });
    return error;
  }
  sender.checkpoint(stateAfter(claim.state, task.name, bookmark, { ...progress, isOver: true }));
  await sender.finish({ complete: true, deletes });
  return undefined;
}

/** Passes on what is read. While the source takes its time, records that have waited long enough are sent. */
async function* flushingWhenDue(
  items: AsyncGenerator<Extracted, void>,
  sender: RecordSender,
): AsyncGenerator<Extracted> {
  let next = items.next();
  try {
    for (;;) {
      const result = await within(next, sender.dueInMs());
      if (result === undefined) {
        // The source may fail meanwhile: that is for the next turn.
        next.catch(() => undefined);
        await sender.flush();
        continue;
      }
      if (result.done === true) return;
      yield result.value;
      next = items.next();
    }
  } finally {
    // Not awaited: a page may be on its way, and the attempt's signal cuts it.
    items.return().catch(() => undefined);
  }
}
