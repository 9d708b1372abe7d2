import type { PoolClient, Queryable } from '@pipeline/postgres';
import { isJsonObject, parseJson, type State } from '@pipeline/singer';
import * as statements from './states.sql.ts';

/** The bookmark of a task's streams, exact in every number. Undefined: never read. */
export async function readState(db: Queryable, pipeline: string, stream: string): Promise<State | undefined> {
  const row = await statements.selectCurrentState.first(db, { pipeline, stream });
  return row === undefined ? undefined : toState(row.value);
}

function toState(text: string): State {
  const value = parseJson(text);
  if (!isJsonObject(value)) return { bookmarks: {} };
  const bookmarks = value['bookmarks'];
  return { ...value, bookmarks: isJsonObject(bookmarks) ? (bookmarks as State['bookmarks']) : {} };
}

export interface NewState {
  pipeline: string;
  stream: string;
  /** JSON of a {@link State}. */
  value: string;
  epoch: number | null;
  seq: number | null;
  /** `finaliser`, or the operator. */
  setBy: string;
}

/** Makes this the current bookmark and keeps the one before it as history. */
export async function writeState(client: PoolClient, state: NewState): Promise<void> {
  await forgetState(client, state);
  await statements.insertState.run(client, state);
}

/** Leaves the stream without a bookmark; the one it had stays as history. */
export async function forgetState(
  client: PoolClient,
  { pipeline, stream }: Pick<NewState, 'pipeline' | 'stream'>,
): Promise<void> {
  await statements.retireState.run(client, { pipeline, stream });
}
