import type { Json, JsonObject } from './json.ts';

/** A stream's bookmark: where the next run goes on. Its fields belong to the stream. */
export type Bookmark = JsonObject;

/** The value of a STATE message, and the contents of a state file. */
export interface State {
  bookmarks: Record<string, Bookmark>;
  currently_syncing?: string | null;
  [key: string]: Json | Record<string, Bookmark> | undefined;
}

export const emptyState = (): State => ({ bookmarks: {} });
