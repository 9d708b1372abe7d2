import type { Claim } from '@pipeline/control';
import { within } from '@pipeline/resilience';
import type { Extracted } from '../read/extraction.ts';
import type { ReadProgress } from '../read/full-read.ts';
import { type Notice, type ReadEnd, type Rejected, readTask, type TaskRead } from '../read/read-task.ts';
import type { BatchSender } from './batch-sender.ts';

/** Where the records of a read go. */
export type RecordSender = Pick<BatchSender, 'records' | 'checkpoint' | 'dueInMs' | 'flush' | 'finish'>;

export interface ServiceRead<Settings> extends Omit<TaskRead<Settings>, 'state' | 'through'> {
  claim: Pick<Claim, 'state'>;
  sender: RecordSender;
  /** Sets a record aside. @default it is left out */
  reject?: (record: Rejected) => Promise<void>;
  notice?: (notice: Notice) => Promise<void>;
}

/** Reads a task to its end and sends it. @throws what makes the attempt fail. */
export async function extractTask<Settings>(read: ServiceRead<Settings>, progress: ReadProgress): Promise<ReadEnd> {
  const { sender } = read;
  const { state } = read.claim;
  const end = await readTask({ ...read, state, through: (items) => flushingWhenDue(items, sender) }, progress, {
    records: (stream, records) => sender.records(stream.shape.name, records),
    checkpoint: (covered) => sender.checkpoint(covered),
    rejected: async (record) => read.reject?.(record),
    notice: async (notice) => read.notice?.(notice),
  });
  const complete = end.endedBy === undefined;
  if (complete) sender.checkpoint(end.state);
  const { deletes, incomplete, endedBy } = end;
  await sender.finish({ complete, deletes, incomplete, endedBy });
  return end;
}

/** Passes on what is read. While the source takes its time, records that have waited long enough are sent. */
async function* flushingWhenDue(
  items: AsyncGenerator<Extracted, void>,
  sender: RecordSender,
): AsyncGenerator<Extracted> {
  let next = items.next();
  try {
    for (;;) {
      const dueInMs = sender.dueInMs();
      const result = dueInMs === undefined ? await next : await within(next, dueInMs, undefined);
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
