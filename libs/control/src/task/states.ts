import type { PoolClient, Queryable } from '@pipeline/postgres';
import { isJsonObject, parseJson, type State } from '@pipeline/singer';

/** The bookmark of a task's streams, exact in every number. Undefined: never read. */
export async function readState(db: Queryable, pipeline: string, stream: string): Promise<State | undefined> {
  const { rows } = await db.query<{ value: string }>(
    'select value::text from pipeline.states where pipeline = $1 and stream = $2 and is_current',
    [pipeline, stream],
  );
  const row = rows[0];
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
  await client.query(
    'update pipeline.states set is_current = false where pipeline = $1 and stream = $2 and is_current',
    [state.pipeline, state.stream],
  );
  await client.query(
    `insert into pipeline.states (pipeline, stream, value, epoch, seq, set_by) values ($1, $2, $3, $4, $5, $6)`,
    [state.pipeline, state.stream, state.value, state.epoch, state.seq, state.setBy],
  );
}
