import * as cycles from '../cycles.ts';
import * as pipelines from '../pipelines.ts';
import { defineRoutes } from '../route.ts';
import { Schedule, SchedulePreview, ScheduleRequest, Timing } from '../schedule.ts';

const params = pipelines.PipelineParameters;

export const pipelineRoutes = defineRoutes({
  listPipelines: {
    method: 'GET',
    path: '/api/pipelines',
    role: 'viewer',
    summary: 'Pipelines',
    response: pipelines.Pipelines,
  },
  getPipeline: {
    method: 'GET',
    path: '/api/pipelines/:name',
    role: 'viewer',
    summary: 'One pipeline',
    params,
    response: pipelines.PipelineDetail,
  },
  pausePipelines: {
    method: 'POST',
    path: '/api/pipelines/pause',
    role: 'operator',
    summary: 'Pauses every pipeline',
    body: pipelines.PauseRequest,
    response: pipelines.Pipelines,
  },
  resumePipelines: {
    method: 'POST',
    path: '/api/pipelines/resume',
    role: 'operator',
    summary: 'Resumes every pipeline',
    response: pipelines.Pipelines,
  },
  pausePipeline: {
    method: 'POST',
    path: '/api/pipelines/:name/pause',
    role: 'operator',
    summary: 'Leaves a pipeline out of the schedule',
    params,
    body: pipelines.PauseRequest,
    response: pipelines.PipelineDetail,
  },
  resumePipeline: {
    method: 'POST',
    path: '/api/pipelines/:name/resume',
    role: 'operator',
    summary: 'Takes a pipeline into the schedule again',
    params,
    response: pipelines.PipelineDetail,
  },
  runPipeline: {
    method: 'POST',
    path: '/api/pipelines/:name/runs',
    role: 'operator',
    summary: 'Asks for a run of a pipeline, or of some of its streams',
    params,
    body: pipelines.RunRequest,
    response: pipelines.Requested,
    status: 202,
  },
  setSchedule: {
    method: 'PUT',
    path: '/api/pipelines/:name/schedule',
    role: 'admin',
    summary: 'Sets when a pipeline runs',
    params,
    body: ScheduleRequest,
    response: Schedule,
  },
  previewSchedule: {
    method: 'POST',
    path: '/api/schedule/preview',
    role: 'viewer',
    summary: 'What a timing means, and its next times',
    body: Timing,
    response: SchedulePreview,
  },
  listCycles: {
    method: 'GET',
    path: '/api/cycles',
    role: 'viewer',
    summary: 'Cycles with their runs',
    query: cycles.CyclesQuery,
    response: cycles.Cycles,
  },
  getCycle: {
    method: 'GET',
    path: '/api/cycles/:id',
    role: 'viewer',
    summary: 'One cycle',
    params: cycles.CycleParameters,
    response: cycles.Cycle,
  },
  startCycle: {
    method: 'POST',
    path: '/api/cycles',
    role: 'operator',
    summary: 'Asks for a run of every pipeline, or of these, as one cycle',
    body: cycles.CycleRequest,
    response: pipelines.Requested,
    status: 202,
  },
});
