import * as dead from '../dead-letters.ts';
import * as rejected from '../rejected-records.ts';
import { defineRoutes } from '../route.ts';

const params = dead.DeadLetterParameters;

export const quarantineRoutes = defineRoutes({
  listRejected: {
    method: 'GET',
    path: '/api/rejected-records',
    role: 'viewer',
    summary: 'Records that were set aside, without values',
    query: rejected.RejectedQuery,
    response: rejected.RejectedRecords,
  },
  listRejectedGroups: {
    method: 'GET',
    path: '/api/rejected-records/groups',
    role: 'viewer',
    summary: 'Open records by stream, reason, column and constraint',
    query: rejected.GroupsQuery,
    response: rejected.RejectedGroups,
  },
  getRejected: {
    method: 'GET',
    path: '/api/rejected-records/:id',
    role: 'operator',
    summary: 'One record with its values; audited',
    params: rejected.RecordParameters,
    response: rejected.RejectedRecord,
  },
  replayRejected: {
    method: 'POST',
    path: '/api/rejected-records/replay',
    role: 'operator',
    summary: 'Loads records now: some, or a group',
    body: rejected.CloseRequest,
    response: rejected.CloseResponse,
    status: 202,
  },
  discardRejected: {
    method: 'POST',
    path: '/api/rejected-records/discard',
    role: 'operator',
    summary: 'Closes records without loading them',
    body: rejected.CloseRequest,
    response: rejected.CloseResponse,
    status: 202,
  },
  listDeadLetters: {
    method: 'GET',
    path: '/api/dead-letters',
    role: 'viewer',
    summary: 'Messages that could not be handled',
    query: dead.DeadLettersQuery,
    response: dead.DeadLetters,
  },
  getDeadLetter: {
    method: 'GET',
    path: '/api/dead-letters/:id',
    role: 'viewer',
    summary: 'One dead letter',
    params,
    response: dead.DeadLetterItem,
  },
  replayDeadLetter: {
    method: 'POST',
    path: '/api/dead-letters/:id/replay',
    role: 'operator',
    summary: 'Sends it again',
    params,
    response: dead.DeadLetterClosed,
  },
  skipDeadLetter: {
    method: 'POST',
    path: '/api/dead-letters/:id/skip',
    role: 'operator',
    summary: 'Gives its rows up, so that the run can end',
    params,
    response: dead.DeadLetterClosed,
  },
  discardDeadLetter: {
    method: 'POST',
    path: '/api/dead-letters/:id/discard',
    role: 'operator',
    summary: 'Closes it without sending it',
    params,
    response: dead.DeadLetterClosed,
  },
});
