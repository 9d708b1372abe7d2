import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import type { Extract, HttpClient, StreamShape } from '@pipeline/tap-kit';
import { readByIds } from '../reading/by-ids.ts';
import { idOf } from '../reading/page.ts';
import { stringsIn } from './bridge.ts';

/** A child stream of tasks whose rows only an endpoint by id gives: a hundred ids cost one request. */
interface ByIdChild extends StreamShape {
  /** The property with the id of the task whose rows are complete when the task was read. */
  parentKey: string;
  prefix: string;
  idsOf: (tasks: readonly JsonObject[]) => string[];
  rowsOf: (row: JsonObject) => JsonObject[];
}

/** What one task waits for. Read with both tasks it connects, complete for the one that waits. */
export const dependencies: ByIdChild = {
  name: 'dependencies',
  keyProperties: ['id'],
  schema: objectSchema({
    id: column.key,
    predecessorId: column.string,
    successorId: column.string,
    relationType: column.string,
    lagTime: column.integer,
  }),
  parentKey: 'successorId',
  prefix: '/dependencies/',
  idsOf: (tasks) => tasks.flatMap(({ dependencyIds }) => stringsIn(dependencyIds)),
  rowsOf: (row) => [row],
};

/** Who hears of changes. Ten requests for a thousand tasks: read only when asked for. */
export const followers: ByIdChild = {
  name: 'task_followers',
  keyProperties: ['taskId', 'contactId'],
  schema: objectSchema({ taskId: column.key, contactId: column.key }),
  parentKey: 'taskId',
  prefix: '/tasks/',
  idsOf: (tasks) => tasks.map(idOf),
  rowsOf: (task) =>
    [...new Set(stringsIn(task['followerIds']))].map((contactId) => ({ taskId: idOf(task), contactId })),
};

export interface ByIdReport {
  /** Ids for which no row came: gone or forbidden in the meantime. */
  missing: number;
}

export async function* byIdChildren(
  http: HttpClient,
  { name, prefix, idsOf, rowsOf }: ByIdChild,
  tasks: readonly JsonObject[],
  report: ByIdReport,
): AsyncGenerator<Extract> {
  for await (const { rows, missing } of readByIds(http, idsOf(tasks), { prefix })) {
    report.missing += missing.length;
    yield { type: 'records', stream: name, records: rows.flatMap(rowsOf) };
  }
}

export function* missingNotice({ missing }: ByIdReport): Generator<Extract> {
  if (missing === 0) return;
  const message = `${missing} ids that tasks name gave no row: removed since, or not allowed for the user whose token this is`;
  yield { type: 'notice', stream: 'tasks', code: 'WRIKE_MISSING_IDS', message };
}
