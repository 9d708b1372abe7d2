import { z } from 'zod';
import { Requested } from '../pipelines.ts';
import { defineRoutes } from '../route.ts';
import * as runs from '../runs.ts';

const params = runs.RunParameters;

export const runRoutes = defineRoutes({
  listRuns: {
    method: 'GET',
    path: '/api/runs',
    role: 'viewer',
    summary: 'Runs',
    query: runs.RunsQuery,
    response: runs.Runs,
  },
  getRun: { method: 'GET', path: '/api/runs/:id', role: 'viewer', summary: 'One run', params, response: runs.Run },
  listTasks: {
    method: 'GET',
    path: '/api/runs/:id/tasks',
    role: 'viewer',
    summary: 'Its tasks with their attempts',
    params,
    response: runs.Tasks,
  },
  listBatches: {
    method: 'GET',
    path: '/api/runs/:id/batches',
    role: 'viewer',
    summary: 'Its committed batches',
    params,
    query: runs.BatchesQuery,
    response: runs.Batches,
  },
  getLog: {
    method: 'GET',
    path: '/api/runs/:id/log',
    role: 'viewer',
    summary: 'Its log lines',
    params,
    query: runs.LogQuery,
    response: runs.LogPage,
  },
  getLogText: {
    method: 'GET',
    path: '/api/runs/:id/log.txt',
    role: 'viewer',
    summary: 'Its log as text',
    params,
    response: z.string(),
    media: 'text/plain',
  },
  cancelRun: {
    method: 'POST',
    path: '/api/runs/:id/cancel',
    role: 'operator',
    summary: 'Ends a run',
    params,
    response: runs.CancelResponse,
  },
  retryRun: {
    method: 'POST',
    path: '/api/runs/:id/retry',
    role: 'operator',
    summary: 'Asks for a run of the streams that failed in it',
    params,
    response: Requested,
    status: 202,
  },
});
