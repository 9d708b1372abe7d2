import { type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, type HttpClient, type ReadContext } from '@pipeline/tap-kit';
import { AcceptedQuery } from '../reading/accepted-query.ts';
import { recycleBinId } from '../reading/account.ts';
import { readInCreatedOrder } from '../reading/created-order.ts';
import { rangeFilter, type Seconds } from '../reading/instant.ts';
import { type GetPage, getPage, idOf } from '../reading/page.ts';
import { type CountCreatedBefore, planRead } from '../reading/read-plan.ts';
import type { Settings } from '../settings.ts';
import { type Bridge, bridgeRecords, childDeletes, idBridge, shapeOf } from './bridge.ts';
import { customValueBridge, type FieldTypes, fieldTypes, fingerprintOf } from './custom-values.ts';
import { goneRecords } from './gone.ts';
import { hiddenNotice, refusedNotice } from './refused.ts';
import { BY_ID, ByIdReader, missingNotice } from './task-by-id.ts';
import { OPTIONAL_TASK_FIELDS, TASK_COLUMNS, TASK_FIELDS } from './task-fields.ts';

const CUSTOM_VALUES = 'task_custom_fields';
/** Without it only tasks at the top are found. */
const ALL = { subTasks: true };
/** Without these the rows would be other rows. */
const CORE = ['subTasks', 'descendants', 'createdDate', 'updatedDate', 'sortField', 'sortOrder'];
const COUNT_TRIES_MAX = 5;
const ACCEPTED_TTL_MS = 3_600_000;

/** Where tasks hang, what they belong to, and who works on them. */
const LINKS = [
  idBridge('task_parents', 'taskId', 'folderId', ({ parentIds }) => parentIds),
  idBridge('task_super_tasks', 'taskId', 'superTaskId', ({ superTaskIds }) => superTaskIds),
  idBridge('task_assignees', 'taskId', 'contactId', ({ responsibleIds }) => responsibleIds),
];

/** Tasks and subtasks. Those in the recycle bin come as tombstones: time logs still point to them. */
export const tasks = defineStream<Settings>({
  name: 'tasks',
  keyProperties: ['id'],
  replication: { method: 'INCREMENTAL', key: 'updatedDate' },
  schema: objectSchema(TASK_COLUMNS),
  about: {
    endpoint: 'GET /tasks',
    scopes: ['Default|wsReadOnly'],
    deletes: 'recycle bin and a count, each read; a full read when the count falls short, and daily',
    requestsIdle: 8,
  },
  children: [...LINKS, customValueBridge(CUSTOM_VALUES, 'taskId', new Map()), ...BY_ID].map(shapeOf),
  read: async function* (context) {
    const { http, isSelected } = context;
    const bin = `/folders/${encodeURIComponent(await recycleBinId(context))}/tasks`;
    const types = isSelected(CUSTOM_VALUES) ? await fieldTypes(context) : new Map();
    const plan = await planRead(context, countTasks(http, bin), types.size === 0 ? '' : fingerprintOf(types));
    const { isFull, updatedSince, createdBefore } = plan;
    const bridges = bridgesOf(types).filter(({ name }) => isSelected(name));
    const byId = BY_ID.filter(({ name }) => isSelected(name));
    if (isFull) yield { type: 'deletes', stream: 'tasks', rule: { kind: 'absent' } };
    yield* childDeletes('tasks', [...bridges, ...byId], isFull);

    const accepted = await acceptedFields(context);
    const hidden = { isFound: false };
    const onHidden = (): void => {
      hidden.isFound = true;
    };
    const readers = byId.map((child) => new ByIdReader(http, child));
    for await (const records of readInCreatedOrder(
      taskPages(http, '/tasks', accepted, updatedSince),
      createdBefore,
      onHidden,
    )) {
      plan.note(records);
      if (records.length === 0) continue;
      yield { type: 'records', stream: 'tasks', records };
      yield* bridgeRecords(bridges, records);
      for (const reader of readers) yield* reader.take(records);
    }
    for (const reader of readers) yield* reader.rest();
    // After the tasks in use: what moves into the bin in between is found here, what moves out is found by the next read.
    for await (const rows of readInCreatedOrder(
      taskPages(http, bin, accepted, updatedSince),
      createdBefore,
      onHidden,
    )) {
      plan.note(rows, 'bin');
      yield { type: 'records', stream: 'tasks', records: rows.map(tombstone) };
    }
    yield* goneRecords('tasks', plan, context);
    yield* refusedNotice('tasks', accepted);
    yield* hiddenNotice('tasks', hidden.isFound);
    yield* missingNotice(readers);
    yield { type: 'checkpoint', bookmark: plan.bookmark() };
  },
});

function bridgesOf(types: FieldTypes): Bridge[] {
  return [...LINKS, customValueBridge(CUSTOM_VALUES, 'taskId', types)];
}

/** Kept between reads: what an account refuses once it refuses again. */
function acceptedFields({ cached }: ReadContext<Settings>): Promise<AcceptedQuery> {
  const make = () => new AcceptedQuery({ fields: TASK_FIELDS, optionalFields: OPTIONAL_TASK_FIELDS, core: CORE });
  return cached('accepted fields of tasks', ACCEPTED_TTL_MS, () => Promise.resolve(make()));
}

function taskPages(
  http: HttpClient,
  path: string,
  accepted: AcceptedQuery,
  updatedSince: Seconds | undefined,
): GetPage {
  const updatedDate = updatedSince === undefined ? undefined : rangeFilter({ start: updatedSince });
  const scope = { ...ALL, ...(path !== '/tasks' && { descendants: true }), updatedDate };
  return (query) => accepted.ask({ ...scope, ...query }, (asked) => getPage(http, path, asked, { kind: 'tasks' }));
}

/** Tasks in use and in the bin together: moving between the two does not change the sum, erasing does. One that moves between the two requests would
 *  count twice or not at all, so those in use are counted again: as many, and the same one updated last, means that none came back. */
function countTasks(http: HttpClient, bin: string): CountCreatedBefore {
  return async (end) => {
    const query = { ...ALL, createdDate: rangeFilter({ end }), pageSize: 1 };
    const inUse = async () => {
      const { total, rows } = await getPage(http, '/tasks', { ...query, sortField: 'UpdatedDate', sortOrder: 'Desc' });
      return { total, newest: rows.map((row) => `${idOf(row)} ${row['updatedDate']}`).join() };
    };
    let before = await inUse();
    for (let tries = 1; tries <= COUNT_TRIES_MAX; tries += 1) {
      const { total: inBin } = await getPage(http, bin, { ...query, descendants: true });
      const after = await inUse();
      if (before.total === undefined || after.total === undefined || inBin === undefined) return 'unknown';
      if (before.total === after.total && before.newest === after.newest) return after.total + inBin;
      before = after;
    }
    return 'unstable';
  };
}

function tombstone(task: JsonObject): JsonObject {
  return { ...task, _sdc_deleted_at: task['updatedDate'] };
}
