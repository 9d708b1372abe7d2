import type { TruthStream } from '../source-api.ts';
import type { Company } from './company.ts';
import { folderModel } from './folders.ts';
import { account } from './settings.ts';
import { taskModel } from './tasks.ts';
import { timelogModel } from './timelogs.ts';

type Row = Record<string, unknown>;

/** What a complete copy of the account holds. Removed people, and what lies in the recycle bin, is deleted. */
export function wrikeTruth(company: Company): TruthStream[] {
  const { contacts, spaces, workflows, folders, tasks, timelogs } = company;
  const all = (stream: string, rows: () => Iterable<object>, count?: number): TruthStream => ({
    stream,
    key: ['id'],
    rows: { [Symbol.iterator]: () => asRows(rows()) },
    ...(count !== undefined && { count }),
  });
  return [
    all('account', () => [account]),
    all('contacts', () => contacts.filter((contact) => !contact.deleted)),
    all('spaces', () => spaces),
    all('folders', () => map(folders.in('live'), (folder) => folderModel(folders, folder))),
    all('workflows', () => workflows),
    { ...all('custom_statuses', () => statusesWithWorkflow(company)), key: ['workflowId', 'id'] },
    all(
      'tasks',
      () => map(tasks.find({ place: 'live' }), (number) => taskModel(tasks, number)),
      tasks.count({ place: 'live' }),
    ),
    all(
      'timelogs',
      () => map(timelogs.find({ place: 'live' }), (number) => timelogModel(timelogs, number)),
      timelogs.count({ place: 'live' }),
    ),
  ];
}

function statusesWithWorkflow({ workflows }: Company): object[] {
  return workflows.flatMap(({ id, customStatuses }) => customStatuses.map((status) => ({ ...status, workflowId: id })));
}

function* map<From, To>(items: Iterable<From>, change: (item: From) => To): Generator<To> {
  for (const item of items) yield change(item);
}

function* asRows(objects: Iterable<object>): Generator<Row> {
  for (const object of objects) yield { ...object };
}
