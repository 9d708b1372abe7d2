import type { Random } from '../../random.ts';
import type { Company } from './company.ts';
import { person, remove } from './contacts.ts';
import { customStatus } from './settings.ts';
import { FIRST_NAMES, SPACES } from './vocabulary.ts';

const PEOPLE_MIN = 4;
const STATUSES_MAX = 10;

export function renamePerson({ contacts }: Company, random: Random): string | undefined {
  const contact = random.pick(contacts);
  contact.firstName = random.pick(FIRST_NAMES);
  return `contact ${contact.id} renamed`;
}

export function hire({ contacts, people, schedules }: Company, random: Random): string | undefined {
  const hired = { ...person(contacts.length, random), workScheduleId: schedules.commonId };
  contacts.push(hired);
  people.push(hired.id);
  return `contact ${hired.id} added`;
}

export function dismiss({ contacts, people }: Company, random: Random): string | undefined {
  if (people.length <= PEOPLE_MIN) return undefined;
  const [id] = people.splice(random.integer(1, people.length - 1), 1);
  const dismissed = contacts.find((contact) => contact.id === id);
  if (!dismissed) return undefined;
  remove(dismissed);
  for (const group of contacts) if (group.memberIds) group.memberIds = group.memberIds.filter((one) => one !== id);
  return `contact ${dismissed.id} removed`;
}

export function renameStatus({ statuses }: Company, random: Random): string | undefined {
  const status = random.pick(statuses);
  status.name = `${status.group} ${random.integer(1, 999)}`;
  return `status ${status.id} renamed`;
}

export function addStatus({ workflows, statuses }: Company, random: Random): string | undefined {
  const number = random.integer(0, workflows.length - 1);
  const workflow = workflows[number];
  if (!workflow || workflow.customStatuses.length >= STATUSES_MAX) return undefined;
  const status = customStatus(number, workflow.customStatuses.length, ['Waiting', 'Orange', 'Active']);
  workflow.customStatuses.push(status);
  statuses.push(status);
  return `status ${status.id} added`;
}

export function renameSpace({ spaces, folders, now }: Company, random: Random): string | undefined {
  const number = random.integer(0, spaces.length - 1);
  const space = spaces[number];
  const folder = folders.all[number];
  if (!space || !folder) return undefined;
  space.title = `${random.pick(SPACES)} ${random.integer(1, 99)}`;
  folder.title = space.title;
  folder.updatedDate = now();
  return `space ${space.id} renamed`;
}

export function changeMembers({ spaces, people }: Company, random: Random): string | undefined {
  const space = random.pick(spaces);
  const id = random.pick(people);
  const others = space.members.filter((member) => member.id !== id);
  const isMember = others.length < space.members.length;
  space.members = isMember ? others : [...others, { id, accessRoleId: 'IEAGXR2END777777', isManager: false }];
  return `contact ${id} ${isMember ? 'left' : 'joined'} space ${space.id}`;
}
