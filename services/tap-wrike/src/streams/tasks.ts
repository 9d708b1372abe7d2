import { PipelineError } from '@pipeline/contracts';
import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, type HttpClient } from '@pipeline/tap-kit';
import { AcceptedFields } from '../accepted-fields.ts';
import { readInCreatedOrder } from '../created-order.ts';
import { rangeFilter, type Seconds } from '../instant.ts';
import { type GetPage, getPage } from '../page.ts';
import { type CountCreatedBefore, planRead } from '../read-plan.ts';
import type { Settings } from '../settings.ts';

const FIELDS = [
  'authorIds',
  'hasAttachments',
  'attachmentCount',
  'parentIds',
  'superParentIds',
  'sharedIds',
  'responsibleIds',
  'responsiblePlaceholderIds',
  'description',
  'briefDescription',
  'recurrent',
  'superTaskIds',
  'subTaskIds',
  'dependencyIds',
  'metadata',
  'customFields',
  'effortAllocation',
  'billingType',
  'customItemTypeId',
];
const OPTIONAL_FIELDS = ['responsiblePlaceholderIds', 'effortAllocation', 'billingType', 'customItemTypeId'];
/** Without it only tasks at the top are found. */
const ALL = { subTasks: true };

/** Tasks and subtasks. Those in the recycle bin come as tombstones: time logs still point to them. */
export const tasks = defineStream<Settings>({
  name: 'tasks',
  keyProperties: ['id'],
  replication: { method: 'INCREMENTAL', key: 'updatedDate' },
  schema: objectSchema({
    id: column.key,
    accountId: column.string,
    title: column.string,
    description: column.string,
    briefDescription: column.string,
    parentIds: column.array,
    superParentIds: column.array,
    sharedIds: column.array,
    responsibleIds: column.array,
    responsiblePlaceholderIds: column.array,
    status: column.string,
    importance: column.string,
    createdDate: column.dateTime,
    updatedDate: column.dateTime,
    completedDate: column.dateTime,
    dates: column.object,
    scope: column.string,
    authorIds: column.array,
    customStatusId: column.string,
    hasAttachments: column.boolean,
    attachmentCount: column.integer,
    permalink: column.string,
    priority: column.string,
    recurrent: column.boolean,
    superTaskIds: column.array,
    subTaskIds: column.array,
    dependencyIds: column.array,
    metadata: column.array,
    customFields: column.array,
    effortAllocation: column.object,
    billingType: column.string,
    customItemTypeId: column.string,
    _sdc_deleted_at: column.dateTime,
  }),
  read: async function* (context) {
    const { http } = context;
    const bin = `/folders/${await recycleBinId(http)}/tasks`;
    const { updatedSince, createdBefore, bookmark } = await planRead(context, countTasks(http, bin));
    if (updatedSince === undefined) yield { type: 'deletes', stream: 'tasks', rule: { kind: 'absent' } };
    const accepted = new AcceptedFields(FIELDS, OPTIONAL_FIELDS);
    for await (const records of readInCreatedOrder(taskPages(http, '/tasks', accepted, updatedSince), createdBefore)) {
      yield { type: 'records', stream: 'tasks', records };
    }
    // After the tasks in use: what moves into the bin in between is found here, what moves out is found by the next read.
    for await (const rows of readInCreatedOrder(taskPages(http, bin, accepted, updatedSince), createdBefore)) {
      yield { type: 'records', stream: 'tasks', records: rows.map(tombstone) };
    }
    yield { type: 'checkpoint', bookmark };
  },
});

function taskPages(
  http: HttpClient,
  path: string,
  accepted: AcceptedFields,
  updatedSince: Seconds | undefined,
): GetPage {
  const updatedDate = updatedSince === undefined ? undefined : rangeFilter({ start: updatedSince });
  const scope = { ...ALL, ...(path !== '/tasks' && { descendants: true }), updatedDate };
  return (query) => accepted.ask((fields) => getPage(http, path, { ...scope, ...query, fields }));
}

/** Tasks in use and in the bin together: moving between the two does not change the sum, erasing does. */
function countTasks(http: HttpClient, bin: string): CountCreatedBefore {
  return async (end) => {
    const query = { ...ALL, createdDate: rangeFilter({ end }), pageSize: 1 };
    const inUse = await getPage(http, '/tasks', query);
    const inBin = await getPage(http, bin, { ...query, descendants: true });
    return inUse.total === undefined || inBin.total === undefined ? undefined : inUse.total + inBin.total;
  };
}

function tombstone(task: JsonObject): JsonObject {
  return { ...task, _sdc_deleted_at: task['updatedDate'] };
}

async function recycleBinId(http: HttpClient): Promise<string> {
  const { rows } = await getPage(http, '/account');
  const id = rows[0]?.['recycleBinId'];
  if (typeof id === 'string') return id;
  throw new PipelineError({
    code: 'WRIKE_NO_RECYCLE_BIN',
    recovery: 'fail',
    message: 'the account has no recycleBinId, so deleted tasks cannot be found',
  });
}
