import { isoInstant } from '../company/draw.ts';
import { writeHistory } from '../company/history.ts';
import type { Kind } from '../company/kind.ts';
import type { ObjectStore } from '../company/object-store.ts';

/** An object as the CRM API writes it, with these properties of those that it has. */
export function writeObject(
  store: ObjectStore,
  position: number,
  properties: readonly string[],
  withHistory: readonly string[] = [],
): Record<string, unknown> {
  const all = store.properties(position);
  const chosen: Record<string, string | null> = {};
  for (const name of properties) if (Object.hasOwn(all, name)) chosen[name] = all[name] ?? null;
  const archivedAt = store.archivedAt(position);
  return {
    id: store.idOf(position),
    properties: chosen,
    ...(withHistory.length > 0 && {
      propertiesWithHistory: Object.fromEntries(
        withHistory.map((name) => [name, store.history(position, name).map(writeHistory)]),
      ),
    }),
    createdAt: isoInstant(store.createdAt(position)),
    updatedAt: isoInstant(store.modifiedAt(position)),
    archived: archivedAt !== undefined,
    ...(archivedAt !== undefined && { archivedAt: isoInstant(archivedAt) }),
  };
}

/** What a request asked for; some come always. */
export function chosenProperties(kind: Kind, asked: readonly string[] | undefined): readonly string[] {
  if (asked === undefined || asked.length === 0) return kind.defaults;
  return [...new Set([...asked, kind.createdProperty, kind.modifiedProperty, 'hs_object_id'])];
}
