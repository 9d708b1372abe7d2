import type { ObjectStore } from './object-store.ts';
import type { Portal } from './portal.ts';

export interface Merge {
  type: string;
  winner: number;
  loser: number;
  /** Two records become a third one; until 2025 the winner kept its id. */
  form: 'third-record' | 'winner';
}

/** Merges two records and returns the position of the one that is left. It lists those that are in no list any more. */
export function mergeObjects(portal: Portal, { type, winner, loser, form }: Merge, now: number): number {
  const store = portal.objects.get(type);
  if (store === undefined) throw new RangeError(`no objects of type ${type}`);
  const before = [winner, loser].flatMap((one) => mergedIds(store, one));
  const values = ownValues(store, winner);
  const gone = form === 'winner' ? [loser] : [winner, loser];
  const ids = [...new Set([...before, ...gone.map((one) => store.idOf(one))])].join(';');
  const survivor = form === 'winner' ? winner : store.create(now, values);
  for (const one of gone) {
    for (const { pair, sources } of portal.associations.move(type, one, survivor)) {
      // The primary company of a contact is one of its properties.
      const contacts = pair.from === 'contacts' ? portal.objects.get('contacts') : undefined;
      for (const contact of sources) if (contacts?.isLive(contact)) contacts.update(contact, {}, now);
    }
    store.mergeInto(one, survivor);
  }
  store.update(survivor, { hs_merged_object_ids: ids }, now);
  return survivor;
}

function mergedIds(store: ObjectStore, position: number): string[] {
  return (store.properties(position)['hs_merged_object_ids'] ?? '').split(';').filter((id) => id !== '');
}

/** All values but those that the store keeps itself. */
function ownValues(store: ObjectStore, position: number): Record<string, string | null> {
  const { hs_object_id: _id, hs_merged_object_ids: _merged, ...values } = store.properties(position);
  return values;
}
