import type { Random } from '../../random.ts';
import { isoInstant } from './draw.ts';
import type { ObjectStore } from './object-store.ts';
import { HISTORY_END } from './times.ts';

/** A list (segment) of records of one type. */
export interface ContactList {
  id: string;
  name: string;
  objectTypeId: string;
  processingType: 'MANUAL' | 'DYNAMIC' | 'SNAPSHOT';
  createdAt: number;
  updatedAt: number;
  /** When each record joined, by position. */
  members: Map<number, number>;
}

const MEMBERS_MAX = 400;

export function foundedLists(contacts: ObjectStore, companies: ObjectStore, random: Random): ContactList[] {
  const make = (id: number, name: string, objectTypeId: string, store: ObjectStore, size: number): ContactList => ({
    id: String(id),
    name,
    objectTypeId,
    processingType: random.pick(['MANUAL', 'DYNAMIC', 'SNAPSHOT']),
    createdAt: HISTORY_END - random.integer(1_000_000, 9_000_000),
    updatedAt: HISTORY_END - random.integer(1_000, 900_000),
    members: new Map(
      Array.from({ length: size }, () => [
        random.integer(0, store.length - 1),
        HISTORY_END - random.integer(1_000, 900_000_000),
      ]),
    ),
  });
  const size = Math.min(MEMBERS_MAX, Math.ceil(contacts.length * 0.3));
  return [
    make(101, 'Newsletter', '0-1', contacts, size),
    make(102, 'Customers', '0-1', contacts, Math.ceil(size / 3)),
    make(103, 'Key accounts', '0-2', companies, Math.min(20, companies.length)),
    make(104, 'Nobody yet', '0-1', contacts, 0),
  ];
}

/** As `POST /crm/lists/2026-09/search` writes it. */
export function writeList(list: ContactList, store: ObjectStore | undefined): Record<string, unknown> {
  const { id, name, objectTypeId, processingType, createdAt, updatedAt } = list;
  const live = membersOf(list, store);
  return {
    listId: id,
    listVersion: 1,
    createdAt: isoInstant(createdAt),
    updatedAt: isoInstant(updatedAt),
    filtersUpdatedAt: isoInstant(createdAt),
    processingStatus: 'COMPLETE',
    createdById: '1296619',
    updatedById: '1296619',
    processingType,
    objectTypeId,
    name,
    additionalProperties: {
      hs_list_size: String(live.length),
      hs_last_record_added_at: live[0] === undefined ? null : String(live[0].joinedAt),
      hs_list_reference_count: '0',
    },
  };
}

/** Members that are live, who joined last first. */
export function membersOf(list: ContactList, store: ObjectStore | undefined): { position: number; joinedAt: number }[] {
  return [...list.members]
    .filter(([position]) => store?.isLive(position) === true)
    .map(([position, joinedAt]) => ({ position, joinedAt }))
    .sort((one, other) => other.joinedAt - one.joinedAt || other.position - one.position);
}

/** Someone joins or leaves. */
export function changeMembers(list: ContactList, store: ObjectStore, random: Random, now: number): void {
  const [first] = list.members.keys();
  if (first !== undefined && random.chance(0.4)) list.members.delete(first);
  else {
    const position = store.pickLive(random);
    if (position !== undefined && !list.members.has(position)) list.members.set(position, now);
  }
}
