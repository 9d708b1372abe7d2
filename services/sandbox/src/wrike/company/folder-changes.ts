import type { Random } from '../../random.ts';
import { type Company, makeProject } from './company.ts';
import { changedValues } from './custom-fields.ts';
import type { Folder } from './folders.ts';
import { placeTask } from './recycle-bin.ts';
import { PROJECTS } from './vocabulary.ts';

const PROJECTS_MIN = 3;

export function renameFolder(company: Company, random: Random): string | undefined {
  const folder = pickFolder(company, random, (one) => !one.isSpace);
  if (!folder) return undefined;
  company.history.note(folder.number, { at: company.now(), field: 'title', value: folder.title });
  folder.title = `${random.pick(PROJECTS)} ${random.integer(1, 999)}`;
  folder.updatedDate = company.now();
  return `folder ${folder.number} renamed`;
}

export function createProject(company: Company, random: Random): string | undefined {
  const { folders, people, workflows, now } = company;
  const parent = pickFolder(company, random, (one) => !one.project);
  const { number } = folders.add(makeProject(parent, people, workflows, random, now()));
  return `project ${number} created`;
}

export function moveFolder(company: Company, random: Random): string | undefined {
  const folder = pickFolder(company, random, (one) => Boolean(one.project));
  const parent = pickFolder(company, random, (one) => !one.project);
  if (!folder || !parent || company.folders.subtree(folder).includes(parent)) return undefined;
  company.folders.reparent(folder, parent);
  folder.updatedDate = company.now();
  return `project ${folder.number} moved`;
}

export function convertFolder(company: Company, random: Random): string | undefined {
  const { people, workflows, now } = company;
  const folder = pickFolder(company, random, (one) => !one.isSpace && !one.project);
  if (!folder) return undefined;
  folder.project = makeProject(folder.parent, people, workflows, random, now()).project;
  folder.updatedDate = now();
  return `folder ${folder.number} converted to a project`;
}

export function binFolder(company: Company, random: Random): string | undefined {
  const { folders, tasks, taskSeed, now } = company;
  const live = folders.in('live').filter(({ project }) => project);
  if (live.length <= PROJECTS_MIN) return undefined;
  const folder = random.pick(live);
  for (const one of folders.subtree(folder)) {
    for (const number of tasks.inFolder(one.number, taskSeed)) placeTask(company, number, 'bin');
    one.place = 'bin';
    one.updatedDate = now();
  }
  return `project ${folder.number} moved to the recycle bin with its tasks`;
}

/** Its tasks stay in the bin: they are restored one by one. */
export function restoreFolder({ folders, now }: Company, random: Random): string | undefined {
  const binned = folders.in('bin').filter(({ parent }) => parent === undefined || parent.place === 'live');
  if (binned.length === 0) return undefined;
  const folder = random.pick(binned);
  folder.place = 'live';
  folder.updatedDate = now();
  return `folder ${folder.number} restored`;
}

export function eraseFolder(company: Company, random: Random): string | undefined {
  const { folders } = company;
  const binned = folders.in('bin').filter((folder) => folders.children(folder, 'bin').length === 0);
  if (binned.length === 0) return undefined;
  const folder = random.pick(binned);
  folder.place = 'gone';
  return `folder ${folder.number} erased`;
}

export function pickFolder(
  { folders }: Company,
  random: Random,
  fits: (folder: Folder) => boolean,
): Folder | undefined {
  const found = folders.in('live').filter(fits);
  return found.length === 0 ? undefined : random.pick(found);
}

export function shareFolder(company: Company, random: Random): string | undefined {
  const folder = pickFolder(company, random, (one) => !one.isSpace);
  if (!folder) return undefined;
  folder.sharedIds = [...new Set([random.pick(company.people), random.pick(company.people)])];
  folder.values = changedValues(folder.values, random, company.people);
  if (folder.project) folder.project = { ...folder.project, ownerIds: [random.pick(company.people)] };
  folder.updatedDate = company.now();
  return `folder ${folder.number} shared with others`;
}
