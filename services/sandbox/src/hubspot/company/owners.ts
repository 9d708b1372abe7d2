import type { Random } from '../../random.ts';
import { FIRST_NAMES, LAST_NAMES } from '../names.ts';
import { isoInstant } from './draw.ts';
import { HISTORY_START } from './times.ts';

const FIRST_ID = 6_166_860;
const FIRST_USER_ID = 1_296_619;
export const TEAMS = [
  { id: '178588', name: 'West Coast Sales' },
  { id: '178590', name: 'California Sales' },
  { id: '178591', name: 'Renewals' },
];

export interface Owner {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  userId: number;
  teams: { id: string; name: string; primary: boolean }[];
  createdAt: number;
  updatedAt: number;
  /** Deactivated: still the owner of what was theirs. */
  archived: boolean;
}

export function foundedOwners(deals: number, random: Random): Owner[] {
  const count = Math.min(250, Math.max(8, Math.round(deals / 40)));
  return Array.from({ length: count }, (_, index) => foundedOwner(index, random));
}

function ownerId(index: number): string {
  return String(FIRST_ID + index * 13);
}

export function foundedOwner(index: number, random: Random, createdAt = HISTORY_START + index * 1_000): Owner {
  const firstName = random.pick(FIRST_NAMES);
  const lastName = random.pick(LAST_NAMES);
  return {
    id: ownerId(index),
    email: `owner${index}@example.com`,
    firstName,
    lastName,
    userId: FIRST_USER_ID + index,
    teams: TEAMS.filter(() => random.chance(0.4)).map((team, order) => ({ ...team, primary: order === 0 })),
    createdAt,
    updatedAt: createdAt,
    archived: random.chance(0.1),
  };
}

/** As `GET /crm/v3/owners` writes it. Only an active user has a `userId`; teams are left out where there are none. */
export function writeOwner(owner: Owner): Record<string, unknown> {
  const { id, email, firstName, lastName, userId, teams, archived } = owner;
  return {
    id,
    email,
    type: 'PERSON',
    firstName,
    lastName,
    ...(archived ? {} : { userId }),
    userIdIncludingInactive: userId,
    createdAt: isoInstant(owner.createdAt),
    updatedAt: isoInstant(owner.updatedAt),
    archived,
    ...(teams.length === 0 ? {} : { teams }),
  };
}
