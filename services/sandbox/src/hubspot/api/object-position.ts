import type { ObjectStore } from '../company/object-store.ts';

/** The record with this id, or with this value of another unique property. */
export function positionBy(store: ObjectStore, value: string, idProperty: string | undefined): number | undefined {
  if (idProperty === undefined || idProperty === 'hs_object_id') return store.positionOf(value);
  for (const position of store.live(0)) if (store.properties(position)[idProperty] === value) return position;
  return undefined;
}
