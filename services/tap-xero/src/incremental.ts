import type { Bookmark, JsonObject } from '@pipeline/singer';
import type { Extract, ReadContext, StreamShape } from '@pipeline/tap-kit';
import type { XeroSettings } from './settings.ts';

/** What all incremental streams filter by, through the header `If-Modified-Since`. */
export const REPLICATION_KEY = 'UpdatedDateUTC';

/** Every read reaches back this far before the last one began: for changes that were still being written then, and for clocks that differ. */
const LOOKBACK_MS = 5 * 60_000;

/** A stream whose records carry the rows of one child stream. */
export interface ChildReader {
  shape: StreamShape;
  /** The column that both carry: the parent's key. */
  parentKey: string;
  recordsOf: (row: JsonObject) => JsonObject[];
}

export interface IncrementalReader {
  stream: string;
  /** What was modified since, as `If-Modified-Since` wants it; everything if undefined. */
  rows: (modifiedSince: string | undefined) => AsyncIterable<JsonObject[]>;
  recordOf: (row: JsonObject) => JsonObject;
  child?: ChildReader;
}

/** Reads what changed since the last read, or everything. The next bookmark is the start of this read, less the look-back: whatever changes while
 *  it runs is read again. There is no checkpoint before the end, because a page number means nothing later. */
export async function* readIncrementally(
  context: ReadContext<XeroSettings>,
  reader: IncrementalReader,
): AsyncGenerator<Extract, void> {
  const { stream, recordOf } = reader;
  const child = reader.child && context.isSelected(reader.child.shape.name) ? reader.child : undefined;
  const from = lowerBound(context);
  for await (const rows of reader.rows(from && headerTime(from))) {
    if (rows.length > 0) yield { type: 'records', stream, records: rows.map(recordOf) };
    const records = child ? rows.flatMap(child.recordsOf) : [];
    if (child && records.length > 0) yield { type: 'records', stream: child.shape.name, records };
  }
  if (from === undefined) yield { type: 'deletes', stream, rule: { kind: 'absent' } };
  if (child) yield childDeletes(stream, child, from === undefined);
  yield { type: 'checkpoint', bookmark: nextBookmark(context.startedAt) };
}

/** Undefined: read everything. */
function lowerBound({ bookmark, fullRead, settings }: ReadContext<XeroSettings>): string | undefined {
  const read = fullRead ? undefined : bookmark?.[REPLICATION_KEY];
  return typeof read === 'string' && !Number.isNaN(Date.parse(read)) ? read : settings.start_date;
}

function nextBookmark(startedAt: string): Bookmark {
  return { [REPLICATION_KEY]: new Date(Date.parse(startedAt) - LOOKBACK_MS).toISOString() };
}

/** `2020-02-06T12:17:43`: UTC, to the second. */
function headerTime(instant: string): string {
  return new Date(instant).toISOString().slice(0, 19);
}

/** A parent brings all its children with it, so those that did not come are gone. */
function childDeletes(parent: string, { shape, parentKey }: ChildReader, isWhole: boolean): Extract {
  const ofParents = { kind: 'absent-per-parent', parent, columns: { [parentKey]: parentKey } } as const;
  return { type: 'deletes', stream: shape.name, rule: isWhole ? { kind: 'absent' } : ofParents };
}
