import { type Bookmark, FULL_READ_AT, type Json, type State } from '@pipeline/singer';
import type { Stream } from '../declaration.ts';

/** The bookmark of a stream. Undefined: never read. */
export function bookmarkOf(state: State, stream: string): Bookmark | undefined {
  return state.bookmarks[stream];
}

/** Whether the whole stream is to be read: the first time, when somebody asks for it, and every `intervalSeconds`, because an incremental
 *  read cannot see what has silently gone. */
export function isFullReadDue(
  state: State,
  stream: string,
  options: { asked: boolean; startedAt: string; intervalSeconds: number },
): boolean {
  const last = fullReadAt(state, stream);
  if (options.asked || bookmarkOf(state, stream) === undefined || last === undefined) return true;
  return Date.parse(options.startedAt) - Date.parse(last) >= options.intervalSeconds * 1000;
}

/** What is known of a read when its state is written. */
export interface ReadProgress {
  startedAt: string;
  fullRead: boolean;
  /** Nothing had ever been read when this read began. */
  isFirst: boolean;
  isOver: boolean;
}

/** The state after a checkpoint of this stream. A first read that is cut short goes on from its checkpoint: it has no deletions to find, so
 *  it counts as a full read at once. Any later full read counts only when it is over. */
export function stateAfter(
  state: State,
  stream: string,
  bookmark: Bookmark | undefined,
  progress: ReadProgress,
): State {
  const counts = progress.fullRead && (progress.isFirst || progress.isOver);
  return {
    ...state,
    bookmarks: bookmark === undefined ? state.bookmarks : { ...state.bookmarks, [stream]: bookmark },
    ...(counts ? { [FULL_READ_AT]: { ...fullReads(state), [stream]: progress.startedAt } } : {}),
  };
}

function fullReadAt(state: State, stream: string): string | undefined {
  const last = fullReads(state)[stream];
  return typeof last === 'string' && !Number.isNaN(Date.parse(last)) ? last : undefined;
}

function fullReads(state: State): Record<string, Json | undefined> {
  const known = state[FULL_READ_AT];
  return typeof known === 'object' && known !== null && !Array.isArray(known) ? { ...known } : {};
}

/** How the read of a task begins: both ways of running a tap plan it here. */
export function planRead(
  task: Pick<Stream<never>, 'name' | 'replication'>,
  begin: { state: State; fullRead: boolean; startedAt: string },
  intervalSeconds: number,
): ReadProgress {
  const isFirst = bookmarkOf(begin.state, task.name) === undefined;
  const asked = { asked: begin.fullRead, startedAt: begin.startedAt, intervalSeconds };
  const fullRead = task.replication.method === 'FULL_TABLE' || isFullReadDue(begin.state, task.name, asked);
  return { startedAt: begin.startedAt, fullRead, isFirst, isOver: false };
}
