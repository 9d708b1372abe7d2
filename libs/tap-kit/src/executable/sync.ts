import { errorMessage, PipelineError } from '@pipeline/protocol';
import type { State } from '@pipeline/singer';
import { discovered } from '../catalog/discovered.ts';
import { type Selection, selectedStreams } from '../catalog/selection.ts';
import type { Session, Signals } from '../connection/source.ts';
import type { Stream } from '../declaration.ts';
import { endsEarly } from '../http/failure.ts';
import { planRead } from '../read/full-read.ts';
import { isInterruption } from '../read/interruption.ts';
import { readTask } from '../read/read-task.ts';
import { formatKey } from '../read/rejected-record.ts';
import type { SingerOutput } from './singer-output.ts';
import type { StderrLogger } from './stderr-logger.ts';
import { SyncSummary } from './sync-summary.ts';
import { TaskWriter } from './task-writer.ts';

export interface SyncDeps<Settings> {
  session: Session<Settings>;
  selection: Selection;
  output: SingerOutput;
  logger: StderrLogger;
  signals: Signals;
  now: () => number;
  fullReadIntervalSeconds: number;
}

/** Reads all selected streams, one after another, and writes them as Singer messages. A state is written only after the records it covers.
 *  A stream that fails is that stream's: the others are read, and the summary names it with its reason.
 *  @throws PipelineError `INTERRUPTED`, with the state written; `OUTPUT_CLOSED` */
export async function sync<Settings>(
  streams: readonly Stream<Settings>[],
  initial: State,
  deps: SyncDeps<Settings>,
): Promise<SyncSummary> {
  const summary = new SyncSummary();
  let state = initial;
  const keep = (next: State) => {
    state = next;
  };
  for (const stream of interruptedFirst(streams, initial)) {
    if (selectedStreams(stream, deps.selection).length === 0) continue;
    keep({ ...state, currently_syncing: stream.name });
    try {
      await syncTask(stream, { state, keep, summary }, deps);
    } catch (error) {
      if (isInterruption(error)) await deps.output.write({ type: 'STATE', value: state });
      if (endsEverything(error)) throw error;
      if (endsEarly(error) && error instanceof PipelineError) {
        endedEarly(stream.name, error, { summary, logger: deps.logger });
        continue;
      }
      summary.failed(stream.name, error);
      const shown = error instanceof PipelineError ? { code: error.code, ...error.context } : { err: error };
      deps.logger.error({ stream: stream.name, ...shown }, `extraction failed: ${errorMessage(error)}`);
    }
  }
  await deps.output.write({ type: 'STATE', value: { ...state, currently_syncing: null } });
  return summary;
}

/** Ends a run before it began: a limit that is used up for hours was met while the credentials were proven. The state stays as it is, and every
 *  selected stream is incomplete. */
export async function syncNothing<Settings>(
  streams: readonly Stream<Settings>[],
  initial: State,
  reason: PipelineError,
  { output, logger, selection }: Pick<SyncDeps<Settings>, 'output' | 'logger' | 'selection'>,
): Promise<SyncSummary> {
  const summary = new SyncSummary();
  for (const stream of streams) {
    if (selectedStreams(stream, selection).length > 0) endedEarly(stream.name, reason, { summary, logger });
  }
  await output.write({ type: 'STATE', value: initial });
  return summary;
}

/** A limit that resets only after hours, before or in the middle of a read: nothing failed. */
function endedEarly(
  stream: string,
  error: PipelineError,
  { summary, logger }: { summary: SyncSummary; logger: StderrLogger },
): void {
  summary.incomplete(stream, error);
  logger.warn({ stream, code: error.code }, `incomplete: ${error.message}`);
}

function endsEverything(error: unknown): boolean {
  return isInterruption(error) || (error instanceof PipelineError && error.code === 'OUTPUT_CLOSED');
}

/** A run that was interrupted goes on with the stream it was at, and then with the others. */
function interruptedFirst<Settings>(streams: readonly Stream<Settings>[], state: State): readonly Stream<Settings>[] {
  const index = streams.findIndex((stream) => stream.name === state.currently_syncing);
  return index < 0 ? streams : [...streams.slice(index), ...streams.slice(0, index)];
}

interface Progress {
  state: State;
  /** Keeps the state that was written last. */
  keep: (state: State) => void;
  summary: SyncSummary;
}

async function syncTask<Settings>(
  declared: Stream<Settings>,
  { state, keep, summary }: Progress,
  deps: SyncDeps<Settings>,
): Promise<void> {
  const { logger, output, session, selection, signals } = deps;
  const task = await discovered(declared, session);
  const startedAt = new Date(deps.now()).toISOString();
  const progress = planRead(task, { state, fullRead: false, startedAt }, deps.fullReadIntervalSeconds);
  const writer = new TaskWriter(deps, selectedStreams(task, selection), progress.fullRead);
  await writer.begin();
  logger.info(
    { stream: task.name, fullRead: progress.fullRead },
    progress.isFirst ? 'extraction begins' : 'saved STATE read, extraction goes on',
  );
  const end = await readTask({ ...session, task, selection, state, signals }, progress, {
    records: (stream, records) => writer.records(stream, records),
    checkpoint: async (covered) => {
      keep(covered);
      await output.write({ type: 'STATE', value: covered });
    },
    deletes: (stream, rule) => writer.deletes(stream, rule.kind === 'absent'),
    rejected: ({ stream, key, code, reason }) => {
      summary.rejected(stream);
      logger.error({ stream, key: formatKey(key), code }, `a record was rejected: ${reason}`);
    },
    notice: ({ stream, code, message }) => logger.warn({ stream, code }, message),
  });
  for (const [stream, error] of end.incomplete) summary.incomplete(stream, error);
  writer.summary();
  if (end.endedBy !== undefined) return endedEarly(task.name, end.endedBy, { summary, logger });
  // A stream with rejected records proves none gone: their rows did not come.
  await writer.activateVersions((stream) => end.deletes.has(stream) && !summary.hasRejected(stream));
  keep(end.state);
  await output.write({ type: 'STATE', value: end.state });
}
