import type { Search } from '../company/row-store.ts';
import type { Tasks } from '../company/tasks.ts';
import type { Parameters } from './parameters.ts';

const FIELDS = [
  'CreatedDate',
  'UpdatedDate',
  'CompletedDate',
  'DueDate',
  'Status',
  'Importance',
  'Title',
  'LastAccessDate',
] as const;
type SortField = (typeof FIELDS)[number];

/** Matching tasks in the order asked for. With `sortField` the default order is ascending; without it the last updated come first. */
export function sortedTasks(tasks: Tasks, parameters: Parameters, search: Search): Iterable<number> {
  const field = parameters.choice('sortField', FIELDS);
  const order = parameters.choice('sortOrder', ['Asc', 'Desc']) ?? (field === undefined ? 'Desc' : 'Asc');
  if (field === undefined || field === 'UpdatedDate' || field === 'LastAccessDate') {
    return order === 'Desc' ? tasks.findByUpdate(search) : [...tasks.findByUpdate(search)].reverse();
  }
  if (field === 'CreatedDate') return order === 'Asc' ? tasks.find(search) : [...tasks.find(search)].reverse();
  const keyOf = sortKey(tasks, field);
  const keyed = [...tasks.find(search)].map((number) => ({ number, key: keyOf(number) }));
  keyed.sort((a, b) => compare(a.key, b.key) || a.number - b.number);
  const numbers = keyed.map(({ number }) => number);
  return order === 'Asc' ? numbers : numbers.reverse();
}

function sortKey(
  tasks: Tasks,
  field: Exclude<SortField, 'CreatedDate' | 'UpdatedDate' | 'LastAccessDate'>,
): (number: number) => string | number {
  switch (field) {
    case 'CompletedDate':
      return (number) => tasks.row(number).completedDate ?? 0;
    case 'DueDate':
      return (number) => {
        const { dates } = tasks.row(number);
        return dates.type === 'Backlog' ? '' : dates.due;
      };
    case 'Status':
      return (number) => tasks.row(number).group;
    case 'Importance':
      return (number) => ['High', 'Normal', 'Low'].indexOf(tasks.row(number).importance);
    case 'Title':
      return (number) => tasks.row(number).title;
  }
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
