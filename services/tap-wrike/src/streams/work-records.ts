import { column, objectSchema } from '@pipeline/singer';
import { idOf } from '../reading/page.ts';
import { type Bridge, objectsIn } from './bridge.ts';
import { windowStream } from './window-stream.ts';

const DAY_SECONDS = 86_400;
/** A range must be shorter than these. */
const COMMENTS_SECONDS = 7 * DAY_SECONDS - 60;
const ATTACHMENTS_SECONDS = 31 * DAY_SECONDS - 60;

/** Without a range the API returns the last seven days only. Deleted ones are not reported and are found by the daily full read. */
export const comments = windowStream({
  name: 'comments',
  path: '/comments',
  kind: 'comments',
  filter: 'updatedDate',
  widthMax: COMMENTS_SECONDS,
  size: { limit: 1_000 },
  query: { plainText: true },
  columns: {
    authorId: column.string,
    text: column.string,
    createdDate: column.dateTime,
    updatedDate: column.dateTime,
    taskId: column.string,
    folderId: column.string,
  },
  about: { scopes: ['Default|wsReadOnly'], deletes: 'full read, daily: a request for each week of history' },
});

/** What is attached where; not the files. */
export const attachments = windowStream({
  name: 'attachments',
  path: '/attachments',
  kind: 'attachments',
  filter: 'createdDate',
  widthMax: ATTACHMENTS_SECONDS,
  size: {},
  columns: {
    authorId: column.string,
    name: column.string,
    createdDate: column.dateTime,
    version: column.integer,
    type: column.string,
    contentType: column.string,
    size: column.integer,
    taskId: column.string,
    folderId: column.string,
    commentId: column.string,
    currentAttachmentId: column.string,
    previewUrl: column.string,
    reviewIds: column.array,
    width: column.integer,
    height: column.integer,
  },
  about: { scopes: ['Default|wsReadOnly'], deletes: 'full read, daily: a request for each month of history' },
});

const decisions: Bridge = {
  name: 'approval_decisions',
  keyProperties: ['approvalId', 'approverId'],
  schema: objectSchema({
    approvalId: column.key,
    approverId: column.key,
    status: column.string,
    comment: column.string,
    updatedDate: column.dateTime,
  }),
  parentKey: 'approvalId',
  rowsOf: (approval) =>
    objectsIn(approval['decisions']).map((decision) => ({ ...decision, approvalId: idOf(approval) })),
};

export const approvals = windowStream({
  name: 'approvals',
  path: '/approvals',
  kind: 'approvals',
  filter: 'updatedDate',
  columns: {
    taskId: column.string,
    folderId: column.string,
    authorId: column.string,
    title: column.string,
    description: column.string,
    updatedDate: column.dateTime,
    dueDate: column.date,
    decisions: column.array,
    attachmentIds: column.array,
    type: column.string,
    autoFinishOnApprove: column.boolean,
    autoFinishOnReject: column.boolean,
    finished: column.boolean,
    finisherId: column.string,
    status: column.string,
  },
  bridges: [decisions],
  about: { scopes: ['Default|wsReadOnly'], deletes: 'full read, daily' },
});

/** Who did what, for Enterprise accounts and administrators. */
export const auditLog = windowStream({
  name: 'audit_log',
  path: '/audit_log',
  kind: 'auditLog',
  filter: 'eventDate',
  canVanish: false,
  isSelectedByDefault: false,
  columns: {
    operation: column.string,
    userId: column.string,
    userEmail: column.string,
    eventDate: column.dateTime,
    ipAddress: column.string,
    objectType: column.string,
    objectName: column.string,
    objectId: column.string,
    details: column.object,
  },
  about: { scopes: ['amReadOnlyAuditLog'], deletes: 'never removed' },
});
