import type { Pool, PoolClient } from '@pipeline/postgres';
import { FULL_READ_AT, isJsonObject, type State } from '@pipeline/singer';
import type { PipelineStreams } from '../cycle/pipeline-streams.ts';
import { requestRun } from '../cycle/pipelines.ts';
import { lockTaskOfStream, restartTask } from '../task/live-task.ts';
import { forgetState, readState, writeState } from '../task/states.ts';
import * as statements from './operate.sql.ts';
import { type OperatorCommand, operate, refusal } from './operator.ts';

/** Which stream's bookmark, and who wants it changed. */
export interface StreamCommand {
  pipeline: string;
  stream: string;
  actor: string;
}

/** How a command takes effect. */
export interface StreamChange {
  /** A live attempt was ended; its task is queued again and reads the new bookmark. */
  restarted: boolean;
  /** Otherwise: a run was asked for. A paused pipeline waits until it is resumed. */
  requested: boolean;
}

/** Makes this the stream's bookmark: the next read goes on from there.
 *  @throws PipelineError `UNKNOWN_PIPELINE`, `UNKNOWN_STREAM`. */
export function setState(pool: Pool, command: StreamCommand, state: State): Promise<StreamChange> {
  return changeStream(pool, audit(command, 'set-state', { state }), command, async (client) => {
    await replaceState(client, command, state);
    return { request: false };
  });
}

/** Forgets the stream's bookmark: the next read is its first one again. Every former bookmark stays in `pipeline.states`. */
export function resetState(pool: Pool, command: StreamCommand): Promise<StreamChange> {
  return changeStream(pool, audit(command, 'reset-state', {}), command, async (client) => {
    await forgetState(client, command);
    return { request: false };
  });
}

/** Has the whole stream read again, which also finds what vanished without a trace. The bookmark stays: rows are replaced where they are, and
 *  the wish outlives an attempt that fails. With `massDeletes`, also the deletion of most rows is believed. */
export function refreshStream(
  pool: Pool,
  command: StreamCommand,
  options: { massDeletes: boolean },
): Promise<StreamChange> {
  return changeStream(pool, audit(command, 'refresh-stream', options), command, async (client) => {
    const state = await readState(client, command.pipeline, command.stream);
    if (state !== undefined) await replaceState(client, command, withoutFullRead(state, command.stream));
    return { request: true, massDeletes: options.massDeletes };
  });
}

/** Has everything read again that changed at `from` or later: moves the bookmark's instant back and drops the place of an interrupted read.
 *  @param from ISO 8601 UTC
 *  @throws PipelineError `BACKFILL_IMPOSSIBLE` when the stream's bookmark has no such instant, or duplicates would arise. */
export function backfillStream(pool: Pool, command: StreamCommand, from: string): Promise<StreamChange> {
  return changeStream(
    pool,
    audit(command, 'backfill-stream', { from }),
    command,
    async (client, { replicationKey }) => {
      const state = await readState(client, command.pipeline, command.stream);
      await checkKeys(client, command);
      await replaceState(client, command, movedBack(state, { stream: command.stream, replicationKey, from }));
      return { request: true };
    },
  );
}

type Effect = { request: false } | { request: true; massDeletes?: boolean };

/** The frame of every change: no run of the pipeline starts and no task of the stream is claimed before it is committed, and an attempt that is
 *  under way ends with it. Otherwise its finaliser would write the old bookmark back. */
function changeStream(
  pool: Pool,
  entry: OperatorCommand,
  { pipeline, stream }: StreamCommand,
  change: (client: PoolClient, declared: PipelineStreams) => Promise<Effect>,
): Promise<StreamChange> {
  return operate(pool, entry, async (client) => {
    const { declared, paused } = await lockStream(client, pipeline, stream);
    const task = await lockTaskOfStream(client, pipeline, stream);
    const effect = await change(client, declared);
    if (task !== undefined) {
      if (effect.request && effect.massDeletes) {
        await statements.allowMassDeletes.run(client, { taskId: task.id });
      }
      await restartTask(client, task, `ended by an operator: ${entry.action}`);
      return { restarted: true, requested: false };
    }
    const requested = effect.request && !paused;
    if (requested) await requestRun(client, pipeline, { fullRead: false, massDeletes: effect.massDeletes ?? false });
    return { restarted: false, requested };
  });
}

/** NO KEY, so that finalisers may go on referring to the pipeline; it keeps `startRun` out all the same. */
async function lockStream(client: PoolClient, pipeline: string, stream: string) {
  const row = await statements.lockPipelineStreams.first(client, { pipeline });
  if (row === undefined) throw refusal('UNKNOWN_PIPELINE', `there is no pipeline ${pipeline}: see /api/status`);
  const declared = row.streams.find(({ name }) => name === stream);
  if (declared !== undefined) return { declared, paused: row.paused };
  const parent = row.streams.find(({ children }) => children.includes(stream));
  const known = row.streams.map(({ name }) => name).join(', ');
  throw refusal(
    'UNKNOWN_STREAM',
    parent === undefined
      ? `${pipeline} reads no stream ${stream}; it reads ${known}`
      : `${stream} is read together with ${parent.name} and has no bookmark of its own: use ${parent.name}`,
  );
}

async function replaceState(client: PoolClient, command: StreamCommand, state: State): Promise<void> {
  const { pipeline, stream, actor } = command;
  await writeState(client, { pipeline, stream, value: JSON.stringify(state), epoch: null, seq: null, setBy: actor });
}

function withoutFullRead(state: State, stream: string): State {
  const reads = state[FULL_READ_AT];
  if (!isJsonObject(reads)) return state;
  const { [stream]: _, ...others } = reads;
  return { ...state, [FULL_READ_AT]: others };
}

/** The state of a backfill. Pure. */
function movedBack(
  state: State | undefined,
  { stream, replicationKey, from }: { stream: string; replicationKey: string | undefined; from: string },
): State {
  if (replicationKey === undefined) {
    throw impossible(`${stream} has no date to begin from: every run reads all of it. Ask for a run instead`);
  }
  const bookmark = state?.bookmarks[stream];
  if (state === undefined || bookmark === undefined) {
    throw impossible(`${stream} was never read to its end: its next run reads everything anyway`);
  }
  const { position: _, ...rest } = bookmark;
  const reached = rest[replicationKey];
  if (typeof reached !== 'string' || Number.isNaN(Date.parse(reached))) {
    throw impossible(
      `the bookmark of ${stream} has no instant under ${replicationKey}: a read of everything is under way. Let it end, or reset the state`,
    );
  }
  if (Date.parse(from) >= Date.parse(reached)) {
    throw impossible(
      `${stream} is read up to ${reached} only: a bookmark at ${from} would leave out what changed between`,
    );
  }
  return { ...state, bookmarks: { ...state.bookmarks, [stream]: { ...rest, [replicationKey]: from } } };
}

async function checkKeys(client: PoolClient, { pipeline, stream }: StreamCommand): Promise<void> {
  if ((await statements.selectKeylessTable.run(client, { pipeline, stream })) === 0) return;
  throw impossible(
    `the table of ${stream} has no key, so what is read again would be there twice. Refresh the stream instead`,
  );
}

const impossible = (message: string) => refusal('BACKFILL_IMPOSSIBLE', message);

function audit({ pipeline, stream, actor }: StreamCommand, action: string, details: object): OperatorCommand {
  return { actor, action, target: `${pipeline}/${stream}`, details };
}
