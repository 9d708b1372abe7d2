import type { Random } from '../../random.ts';
import { ACCOUNT_ID, base32 } from './ids.ts';
import { FIRST_NAMES, JOB_TITLES, LAST_NAMES, TIME_ZONES } from './vocabulary.ts';

/** A person or a group, as `/contacts` shows it. Keys that don't fit are left out by the API. */
export interface Contact {
  id: string;
  firstName: string;
  lastName: string;
  type: 'Person' | 'Group';
  profiles: Profile[];
  avatarUrl: string;
  timezone: string;
  locale: string;
  deleted: boolean;
  me?: boolean;
  title?: string;
  companyName?: string;
  primaryEmail?: string;
  memberIds?: string[];
  myTeam?: boolean;
  /** Only with `fields=["workScheduleId"]`. */
  workScheduleId?: string;
}

interface Profile {
  accountId: string;
  email?: string;
  role: 'User' | 'Collaborator';
  external: boolean;
  admin: boolean;
  owner: boolean;
  active?: boolean;
}

const GROUPS = ['My Team', 'Design', 'Delivery leads'] as const;

export function seedContacts(people: number, random: Random): Contact[] {
  const contacts = Array.from({ length: people }, (_, number) => person(number, random));
  const first = contacts[0];
  if (first) Object.assign(first, { me: true, profiles: first.profiles.map((own) => ({ ...own, owner: true })) });
  // Former colleagues: tasks still name them.
  for (const contact of contacts.slice(-Math.max(1, Math.floor(people / 20)))) remove(contact);
  const groups = GROUPS.map((name, number) => {
    const memberIds = contacts.filter((contact, index) => !contact.deleted && index % 3 === number).map(({ id }) => id);
    return group(people + number, name, memberIds);
  });
  return [...contacts, ...groups];
}

export function person(number: number, random: Random): Contact {
  const firstName = random.pick(FIRST_NAMES);
  const lastName = random.pick(LAST_NAMES);
  const email = `person${number}@example.com`;
  return {
    id: contactId('KU', number),
    firstName,
    lastName,
    type: 'Person',
    profiles: [
      { accountId: ACCOUNT_ID, email, role: 'User', external: false, admin: number < 2, owner: false, active: true },
    ],
    avatarUrl: `https://www.wrike.com/avatars/${base32(number, 4)}.png`,
    timezone: random.pick(TIME_ZONES),
    locale: 'en',
    deleted: false,
    title: random.pick(JOB_TITLES),
    companyName: 'Acme',
    primaryEmail: email,
  };
}

/** A group as `/groups` shows it. */
export function groupModel({ id, firstName, memberIds = [], avatarUrl, myTeam }: Contact): Record<string, unknown> {
  return {
    id,
    accountId: ACCOUNT_ID,
    title: firstName,
    memberIds,
    childIds: [],
    parentIds: [],
    avatarUrl,
    ...(myTeam !== undefined && { myTeam }),
  };
}

/** An administrator removes a person: `deleted` and no longer active, never gone. */
export function remove(contact: Contact): void {
  contact.deleted = true;
  contact.profiles = contact.profiles.map((profile) => ({ ...profile, active: false }));
}

function group(number: number, name: string, memberIds: string[]): Contact {
  return {
    id: contactId('KX', number),
    firstName: name,
    lastName: '',
    type: 'Group',
    profiles: [{ accountId: ACCOUNT_ID, role: 'User', external: false, admin: false, owner: false }],
    avatarUrl: `https://www.wrike.com/avatars/${base32(number, 4)}.png`,
    timezone: 'US/Pacific',
    locale: 'en',
    deleted: false,
    memberIds,
    myTeam: number % 2 === 0,
  };
}

const contactId = (kind: 'KU' | 'KX', number: number): string => kind + base32(number, 6);
