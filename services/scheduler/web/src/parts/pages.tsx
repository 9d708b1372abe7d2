import { useState } from 'preact/hooks';
import { read } from '../api.ts';
import { type Query, useResource } from '../queries.ts';
import type { Page } from '../schema.ts';
import { FailureText } from './action.tsx';

/** A list as far as it was read. */
export interface Pages<Item> {
  /** The first page, which is live. */
  first: Query<Page<Item>>;
  items: Item[];
  /** Where the next page begins. Null: there is none. */
  cursor: string | null;
  readNext: () => Promise<void>;
}

/** A list of the API, page by page. @param path with its limit, without a cursor */
export function usePages<Item extends { id: string }>(path: string): Pages<Item> {
  const first = useResource<Page<Item>>(path);
  const [later, setLater] = useState<{ path: string; items: Item[]; cursor: string | null }>();
  const known = later?.path === path ? later : undefined;
  const cursor = (known === undefined ? first.data?.nextCursor : known.cursor) ?? null;
  // What has come since then has pushed the last rows of the first page into the second.
  const items = new Map([...(first.data?.items ?? []), ...(known?.items ?? [])].map((item) => [item.id, item]));
  const readNext = async () => {
    const next = await read<Page<Item>>(`${path}&cursor=${cursor}`);
    setLater({ path, items: [...(known?.items ?? []), ...next.items], cursor: next.nextCursor });
  };
  return { first, items: [...items.values()], cursor, readNext };
}

/** The foot of a list that goes on. */
export function Earlier({ cursor, readNext }: Pick<Pages<never>, 'cursor' | 'readNext'>) {
  const [error, setError] = useState<Error>();
  if (cursor === null) return null;
  return (
    <div class="pad btns line">
      <button class="btn" type="button" onClick={() => void readNext().then(() => setError(undefined), setError)}>
        Earlier
      </button>
      {error !== undefined && <FailureText error={error} />}
    </div>
  );
}
