import { column, objectSchema } from '@pipeline/singer';
import { idOf } from '../reading/page.ts';
import { type Bridge, objectsIn } from './bridge.ts';
import { listStream } from './list-stream.ts';

/** The statuses that tasks and projects point to. A standard status may stand in several workflows. */
const customStatuses: Bridge = {
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
  parentKey: 'workflowId',
  rowsOf: (workflow) =>
    objectsIn(workflow['customStatuses']).map((status) => ({ ...status, workflowId: idOf(workflow) })),
};

export const workflows = listStream({
  name: 'workflows',
  path: '/workflows',
  kind: 'workflows',
  columns: { name: column.string, standard: column.boolean, hidden: column.boolean, customStatuses: column.array },
  bridges: [customStatuses],
  about: { scopes: ['Default|amReadOnlyWorkflow'] },
});
