import type { Bookmark, State } from '@pipeline/singer';
import type { Stream, Tap } from '../declaration.ts';
import { discovered } from '../discovered.ts';
import { extract } from '../extraction.ts';
import { bookmarkOf, isFullReadDue, type ReadProgress, stateAfter } from '../full-read.ts';
import { endsEarly } from '../http/failure.ts';
import type { HttpClient } from '../http-policy.ts';
import { isInterruption } from '../interruption.ts';
import { type Selection, selectedStreams } from '../selection.ts';
import type { Signals } from '../source.ts';
import type { SingerOutput } from './singer-output.ts';
import type { StderrLogger } from './stderr-logger.ts';
import { TaskWriter } from './task-writer.ts';

export interface SyncDeps<Settings> {
  settings: Settings;
  http: HttpClient;
  selection: Selection;
  output: SingerOutput;
  logger: StderrLogger;
  signals: Signals;
  now: () => number;
  fullReadIntervalSeconds: number;
}

/** Reads all selected streams, one after another, and writes them as Singer messages. A state is written only after the records it covers. */
export async function sync<Settings>(tap: Tap<Settings>, initial: State, deps: SyncDeps<Settings>): Promise<void> {
  let state = initial;
  for (const stream of interruptedFirst(tap.streams, initial)) {
    if (selectedStreams(stream, deps.selection).length === 0) continue;
    state = await syncTask(await discovered(stream, deps), { ...state, currently_syncing: stream.name }, deps);
  }
  await deps.output.write({ type: 'STATE', value: { ...state, currently_syncing: null } });
}

/** A run that was interrupted goes on with the stream it was at, and then with the others. */
function interruptedFirst<Settings>(streams: Stream<Settings>[], state: State): Stream<Settings>[] {
  const index = streams.findIndex((stream) => stream.name === state.currently_syncing);
  return index < 0 ? streams : [...streams.slice(index), ...streams.slice(0, index)];
}

async function syncTask<Settings>(task: Stream<Settings>, initial: State, deps: SyncDeps<Settings>): Promise<State> {
  const startedAt = new Date(deps.now()).toISOString();
  const bookmark = bookmarkOf(initial, task.name);
  const asked = { asked: false, startedAt, intervalSeconds: deps.fullReadIntervalSeconds };
  const fullRead = task.replication.method === 'FULL_TABLE' || isFullReadDue(initial, task.name, asked);
  const progress: ReadProgress = { startedAt, fullRead, isFirst: bookmark === undefined, isOver: false };
  const streams = selectedStreams(task, deps.selection);
  const writer = new TaskWriter(deps, streams, fullRead);
  await writer.begin();
  deps.logger.info(
    { stream: task.name, fullRead },
    bookmark === undefined ? 'extraction begins' : 'saved STATE read, extraction goes on',
  );

  let state = initial;
  let latest: Bookmark | undefined = bookmark;
  const context = { settings: deps.settings, http: deps.http, bookmark, fullRead, startedAt };
  try {
    for await (const item of extract(task, deps.selection, context, deps.signals)) {
      if (item.type === 'records') await writer.records(item.stream, item.records);
      else if (item.type === 'deletes') writer.deletes(item.stream, item.rule.kind === 'absent');
      else {
        latest = item.bookmark;
        state = stateAfter(state, task.name, latest, progress);
        await deps.output.write({ type: 'STATE', value: state });
      }
    }
  } catch (error) {
    if (isInterruption(error)) await deps.output.write({ type: 'STATE', value: state });
    if (!endsEarly(error)) throw error;
    deps.logger.warn({ stream: task.name }, error instanceof Error ? error.message : 'the read stopped early');
    writer.summary();
    return state;
  }
  await writer.activateVersions();
  writer.summary();
  state = stateAfter(state, task.name, latest, { ...progress, isOver: true });
  await deps.output.write({ type: 'STATE', value: state });
  return state;
}
