import { type DeleteRule, PipelineError } from '@pipeline/protocol';
import type { JsonObject, State } from '@pipeline/singer';
import type { SelectedStream, Selection } from '../catalog/selection.ts';
import type { Signals } from '../connection/source.ts';
import type { DiscoverContext, Extract, Stream } from '../declaration.ts';
import { endsEarly } from '../http/failure.ts';
import { type Extracted, extract } from './extraction.ts';
import { bookmarkOf, type ReadProgress, stateAfter } from './full-read.ts';

export type Rejected = ItemOf<'rejected'>;
export type Notice = ItemOf<'notice'>;
type ItemOf<Type extends Extract['type']> = Extract & { type: Type };

/** Where what a task reads goes. */
export interface ReadSink {
  records: (stream: SelectedStream, records: JsonObject[]) => Promise<void>;
  /** Everything before it is covered by this state. */
  checkpoint: (state: State) => Promise<void> | void;
  deletes?: (stream: string, rule: DeleteRule) => void;
  rejected: (record: Rejected) => Promise<void> | void;
  notice: (notice: Notice) => Promise<void> | void;
}

export interface TaskRead<Settings> extends DiscoverContext<Settings> {
  task: Stream<Settings>;
  selection: Selection;
  /** As it was when the read began. */
  state: State;
  signals: Signals;
  /** Between the read and the sink: passes on what comes. */
  through?: (items: AsyncGenerator<Extracted, void>) => AsyncIterable<Extracted>;
}

/** How the read of a task ended. */
export interface ReadEnd {
  /** The state at the end, which the sink has not seen. After an early end the one of the last checkpoint. */
  state: State;
  /** Which rows the read proves to be gone. */
  deletes: Map<string, DeleteRule>;
  /** Streams that were not read to their end, while the others were. */
  incomplete: Map<string, PipelineError>;
  /** Why nothing was read to its end: its checkpoints count. Undefined when the read came to its end. */
  endedBy: PipelineError | undefined;
  rejected: number;
}

/** Reads a task to its end. @throws what makes the read fail. */
export async function readTask<Settings>(
  read: TaskRead<Settings>,
  progress: ReadProgress,
  sink: ReadSink,
): Promise<ReadEnd> {
  const { task, settings, http, cached } = read;
  let bookmark = bookmarkOf(read.state, task.name);
  const end: ReadEnd = {
    state: read.state,
    deletes: new Map(),
    incomplete: new Map(),
    endedBy: undefined,
    rejected: 0,
  };
  const { fullRead, startedAt } = progress;
  const context = { settings, http, cached, bookmark, fullRead, startedAt };
  const items = extract(task, read.selection, context, read.signals);
  try {
    for await (const item of read.through?.(items) ?? items) {
      switch (item.type) {
        case 'records':
          await sink.records(item.stream, item.records);
          break;
        case 'checkpoint':
          bookmark = item.bookmark;
          end.state = stateAfter(read.state, task.name, bookmark, progress);
          await sink.checkpoint(end.state);
          break;
        case 'deletes':
          end.deletes.set(item.stream, item.rule);
          sink.deletes?.(item.stream, item.rule);
          break;
        case 'incomplete':
          end.incomplete.set(item.stream, item.error);
          break;
        case 'rejected':
          end.rejected += 1;
          await sink.rejected(item);
          break;
        case 'notice':
          await sink.notice(item);
      }
    }
  } catch (error) {
    if (!endsEarly(error) || !(error instanceof PipelineError)) throw error;
    return { ...end, endedBy: error };
  }
  for (const stream of end.incomplete.keys()) end.deletes.delete(stream);
  // A whole read that did not find everything has to be repeated soon.
  const isOver = !end.incomplete.has(task.name);
  return { ...end, state: stateAfter(read.state, task.name, bookmark, { ...progress, isOver }) };
}
