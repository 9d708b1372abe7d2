import { z } from 'zod';
import { defineRoutes } from '../route.ts';
import * as system from '../system.ts';

const Nothing = z.strictObject({});

export const systemRoutes = defineRoutes({
  getSystem: {
    method: 'GET',
    path: '/api/system',
    role: 'viewer',
    summary: 'Services, queues, database, disk',
    response: system.System,
  },
  getLoad: {
    method: 'GET',
    path: '/api/system/load',
    role: 'viewer',
    summary: 'Rows a minute and the length of cycles, for curves',
    response: system.Load,
  },
  listSettings: {
    method: 'GET',
    path: '/api/settings',
    role: 'viewer',
    summary: 'Settings in force, never a secret',
    response: system.SettingsList,
  },
  changeSetting: {
    method: 'PUT',
    path: '/api/settings/:name',
    role: 'admin',
    summary: 'Sets what no variable sets',
    params: system.SettingParameters,
    body: system.SettingChange,
    response: system.SettingsList,
  },
  listAlertChannels: {
    method: 'GET',
    path: '/api/alert-channels',
    role: 'viewer',
    summary: 'Where alerts go',
    response: system.AlertChannels,
  },
  createAlertChannel: {
    method: 'POST',
    path: '/api/alert-channels',
    role: 'admin',
    summary: 'Adds a channel',
    body: system.NewAlertChannel,
    response: system.AlertChannel,
    status: 201,
  },
  changeAlertChannel: {
    method: 'PUT',
    path: '/api/alert-channels/:id',
    role: 'admin',
    summary: 'Changes a channel; what is left out stays',
    params: system.AlertChannelParameters,
    body: system.AlertChannelChange,
    response: system.AlertChannel,
  },
  removeAlertChannel: {
    method: 'DELETE',
    path: '/api/alert-channels/:id',
    role: 'admin',
    summary: 'Removes a channel',
    params: system.AlertChannelParameters,
    response: Nothing,
  },
  testAlertChannel: {
    method: 'POST',
    path: '/api/alert-channels/:id/test',
    role: 'admin',
    summary: 'Sends a message to it',
    params: system.AlertChannelParameters,
    response: system.AlertTest,
  },
  listAudit: {
    method: 'GET',
    path: '/api/audit',
    role: 'viewer',
    summary: 'Who did what',
    query: system.AuditQuery,
    response: system.Audit,
  },
  getOpenApi: {
    method: 'GET',
    path: '/api/openapi.json',
    role: 'viewer',
    summary: 'This description',
    response: z.record(z.string(), z.json()),
  },
  getDocs: {
    method: 'GET',
    path: '/api/docs',
    role: 'viewer',
    summary: 'The API as a page for people',
    response: z.string(),
    media: 'text/html',
  },
});
