import type { Json, JsonObject } from './json.ts';

/** A stream's bookmark: where the next run goes on. Its fields belong to the stream. */
export type Bookmark = JsonObject;

/** The value of a STATE message, and the contents of a state file. */
export interface State {
  bookmarks: Record<string, Bookmark>;
  currently_syncing?: string | null;
  [key: string]: Json | Record<string, Bookmark> | undefined;
}

/** The state of a stream that was never read. */
export const emptyState = (): State => ({ bookmarks: {} });

/** Where a state remembers, by stream, when the last full read began: beside the bookmarks, whose fields belong to the streams. Without its entry
 *  a stream is read in full next time. */
export const FULL_READ_AT = 'full_read_at';
