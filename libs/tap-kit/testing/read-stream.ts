import type { DeleteRule, PipelineError } from '@pipeline/protocol';
import { type Bookmark, emptyState, type JsonObject, type State } from '@pipeline/singer';
import { discovered } from '../src/catalog/discovered.ts';
import { type SelectEntry, selectStreams } from '../src/catalog/selection.ts';
import type { Session } from '../src/connection/source.ts';
import type { Stream } from '../src/declaration.ts';
import type { Extracted } from '../src/read/extraction.ts';
import { bookmarkOf, planRead } from '../src/read/full-read.ts';
import { type Notice, type Rejected, readTask } from '../src/read/read-task.ts';

export interface ReadOptions {
  /** Where the last read ended. @default nothing was ever read */
  state?: State;
  /** Start of the attempt, ISO 8601. */
  startedAt: string;
  /** Somebody asks for a read of everything. @default false */
  fullRead?: boolean;
  /** @default a day, as in production */
  fullReadIntervalSeconds?: number;
  /** Streams and fields. @default all streams of the task */
  select?: readonly SelectEntry[];
  /** The read dies after so many records, checkpoints and the like: what was not covered by a checkpoint is read again. */
  stopAfter?: number;
}

/** What one read of a stream brought, as the service would send it. */
export interface StreamRead {
  stream: Stream<never>;
  /** Batches of records and checkpoints, in order. */
  steps: ({ stream: string; records: JsonObject[] } | { checkpoint: State })[];
  /** To pass to the next read. */
  state: State;
  bookmark: Bookmark | undefined;
  /** The read came to its end: its deletes hold. */
  isComplete: boolean;
  deletes: ReadonlyMap<string, DeleteRule>;
  incomplete: ReadonlyMap<string, PipelineError>;
  /** Why it ended early, with its checkpoints kept. */
  endedBy: PipelineError | undefined;
  rejected: Rejected[];
  notices: Notice[];
}

class Died extends Error {}

/** Reads a stream once, the way the service does: state in, records and checkpoints out, next state.
 *  @throws what makes an attempt of the service fail. */
export async function readStream<Settings>(
  session: Session<Settings>,
  declared: Stream<Settings>,
  options: ReadOptions,
): Promise<StreamRead> {
  const task = await discovered(declared, session);
  const { state = emptyState(), startedAt, fullRead = false, fullReadIntervalSeconds = 86_400 } = options;
  const select = options.select ?? [task, ...(task.children ?? [])].map(({ name }) => ({ stream: name }));
  const never = new AbortController().signal;
  const read: StreamRead = {
    ...{ stream: task, steps: [], state, bookmark: bookmarkOf(state, task.name), isComplete: false },
    ...{ deletes: new Map(), incomplete: new Map(), endedBy: undefined, rejected: [], notices: [] },
  };
  const progress = planRead(task, { state, fullRead, startedAt }, fullReadIntervalSeconds);
  const selection = selectStreams({ streams: [task] }, select);
  const signals = { stop: never, abort: never };
  const through = (items: AsyncGenerator<Extracted, void>) => dyingAfter(items, options.stopAfter);
  const end = await readTask({ ...session, task, selection, state, signals, through }, progress, {
    records: async (stream, records) => void read.steps.push({ stream: stream.shape.name, records }),
    checkpoint: (checkpoint) => {
      read.steps.push({ checkpoint });
      read.state = checkpoint;
    },
    rejected: (record) => void read.rejected.push(record),
    notice: (notice) => void read.notices.push(notice),
  }).catch((error: unknown) => {
    if (error instanceof Died) return undefined;
    throw error;
  });
  if (end === undefined) return { ...read, bookmark: bookmarkOf(read.state, task.name) };
  const { deletes, incomplete, endedBy } = end;
  const bookmark = bookmarkOf(end.state, task.name);
  return { ...read, state: end.state, bookmark, deletes, incomplete, endedBy, isComplete: endedBy === undefined };
}

async function* dyingAfter(items: AsyncGenerator<Extracted, void>, stopAfter = Number.POSITIVE_INFINITY) {
  let count = 0;
  for await (const item of items) {
    yield item;
    count += 1;
    if (count >= stopAfter) throw new Died();
  }
}
