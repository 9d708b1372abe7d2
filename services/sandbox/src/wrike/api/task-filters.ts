import type { Company } from '../company/company.ts';
import { type CustomFieldName, customFieldNameOf } from '../company/custom-fields.ts';
import { taskPermalink } from '../company/ids.ts';
import type { Range } from '../company/row-store.ts';
import type { Task } from '../company/task-seed.ts';
import type { Parameters } from './parameters.ts';
import { invalidParameter } from './responses.ts';

/** Filters of `/tasks` besides the ranges of creation and update, which the store searches by. */
export const TASK_FILTERS = [
  'permalink',
  'title',
  'status',
  'importance',
  'type',
  'startDate',
  'dueDate',
  'scheduledDate',
  'completedDate',
  'responsibles',
  'authors',
  'customStatuses',
  'customField',
  'customFields',
  'metadata',
  'billingTypes',
];

type Fits = (task: Task, number: number) => boolean;

/** Whether a task passes the filters of the request. */
export function taskFilter(parameters: Parameters, { tasks }: Pick<Company, 'tasks'>): (number: number) => boolean {
  const tests = [...wordTests(parameters), ...dateTests(parameters), ...customTests(parameters)];
  return (number) => {
    const task = tasks.row(number);
    return tests.every((fits) => fits(task, number));
  };
}

function wordTests(parameters: Parameters): Fits[] {
  const tests: Fits[] = [];
  const permalink = parameters.text('permalink');
  if (permalink !== undefined) tests.push((_, number) => taskPermalink(number) === permalink);
  const title = parameters.text('title');
  if (title !== undefined) tests.push((task) => task.title === title);
  const importance = parameters.choice('importance', ['High', 'Normal', 'Low']);
  if (importance) tests.push((task) => task.importance === importance);
  const type = parameters.choice('type', ['Backlog', 'Milestone', 'Planned']);
  if (type) tests.push(({ dates }) => dates.type === type);
  const lists: [string, readonly string[] | undefined, (task: Task) => readonly string[]][] = [
    ['status', ['Active', 'Completed', 'Deferred', 'Cancelled'], ({ group }) => [group]],
    ['customStatuses', undefined, ({ customStatusId }) => [customStatusId]],
    ['responsibles', undefined, ({ responsibleIds }) => responsibleIds],
    ['authors', undefined, ({ authorId }) => [authorId]],
    ['billingTypes', ['Billable', 'NonBillable'], ({ isBillable }) => [isBillable ? 'Billable' : 'NonBillable']],
  ];
  for (const [name, known, valuesOf] of lists) {
    const wanted = parameters.strings(name, known);
    if (wanted) tests.push((task) => valuesOf(task).some((value) => wanted.includes(value)));
  }
  // No task has metadata: it belongs to the app that wrote it.
  if (parameters.object('metadata')) tests.push(() => false);
  return tests;
}

function dateTests(parameters: Parameters): Fits[] {
  const tests: Fits[] = [];
  const completed = parameters.range('completedDate');
  if (completed) tests.push(({ completedDate }) => completedDate !== undefined && within(completed, completedDate));
  const start = parameters.days('startDate');
  if (start) tests.push(({ dates }) => dates.type === 'Planned' && isDayIn(start, dates.start));
  const due = parameters.days('dueDate');
  if (due) tests.push(({ dates }) => dates.type !== 'Backlog' && isDayIn(due, dates.due));
  const scheduled = parameters.days('scheduledDate');
  if (scheduled) tests.push(({ dates }) => isScheduledIn(scheduled, dates));
  return tests;
}

const COMPARATORS: Record<string, (held: string | undefined, value: string) => boolean> = {
  EqualTo: (held, value) => held === value,
  Contains: (held, value) => held?.includes(value) ?? false,
  IsEmpty: (held) => held === undefined,
  IsNotEmpty: (held) => held !== undefined,
};

/** `customFields=[{"id":"…","comparator":"EqualTo","value":"High"}]`; the older `customField={"id":…,"value":…}` takes one. */
function customTests(parameters: Parameters): Fits[] {
  const old = parameters.object('customField');
  return [...(parameters.objects('customFields') ?? []), ...(old ? [old] : [])].map((filter): Fits => {
    const { id, comparator = 'EqualTo', value = '' } = filter;
    const name: CustomFieldName | undefined = customFieldNameOf(String(id));
    const compare = COMPARATORS[String(comparator)];
    if (!name || !compare) throw invalidParameter('customFields');
    return ({ values }) => compare(values[name], String(value));
  });
}

function within({ start = 0, end = Number.POSITIVE_INFINITY }: Range, time: number): boolean {
  return time >= start && time < end;
}

function isDayIn({ start, end }: { start: string; end: string }, local: string): boolean {
  const day = local.slice(0, 10);
  return day >= start && day <= end;
}

function isScheduledIn(range: { start: string; end: string }, dates: Task['dates']): boolean {
  if (dates.type === 'Backlog') return false;
  const first = (dates.type === 'Planned' ? dates.start : dates.due).slice(0, 10);
  return first <= range.end && dates.due.slice(0, 10) >= range.start;
}
