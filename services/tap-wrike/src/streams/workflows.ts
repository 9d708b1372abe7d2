import { column, isJsonObject, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { getPage, idOf } from '../page.ts';
import type { Settings } from '../settings.ts';

/** Workflows, and as a child stream the statuses that tasks and projects point to. */
export const workflows = defineStream<Settings>({
  name: 'workflows',
  keyProperties: ['id'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({
    id: column.key,
    name: column.string,
    standard: column.boolean,
    hidden: column.boolean,
    customStatuses: column.array,
  }),
  children: [
    {
      name: 'custom_statuses',
      keyProperties: ['workflowId', 'id'],
      schema: objectSchema({
        workflowId: column.key,
        id: column.key,
        name: column.string,
        standardName: column.boolean,
        color: column.string,
        standard: column.boolean,
        group: column.string,
        hidden: column.boolean,
      }),
    },
  ],
  read: async function* ({ http }) {
    const { rows } = await getPage(http, '/workflows');
    yield { type: 'records', stream: 'workflows', records: rows };
    yield { type: 'records', stream: 'custom_statuses', records: rows.flatMap(statusesOf) };
    yield { type: 'deletes', stream: 'workflows', rule: { kind: 'absent' } };
    yield { type: 'deletes', stream: 'custom_statuses', rule: { kind: 'absent' } };
  },
});

function statusesOf(workflow: JsonObject): JsonObject[] {
  const statuses = workflow['customStatuses'];
  if (!Array.isArray(statuses)) return [];
  return statuses.filter(isJsonObject).map((status) => ({ ...status, workflowId: idOf(workflow) }));
}
