import { z } from 'zod';
import { EventsQuery } from '../events.ts';
import { Incidents, IncidentsQuery } from '../incidents.ts';
import { Now, Status } from '../now.ts';
import { defineRoutes } from '../route.ts';

export const nowRoutes = defineRoutes({
  getNow: { method: 'GET', path: '/api/now', role: 'viewer', summary: 'Everything of the first page', response: Now },
  getStatus: {
    method: 'GET',
    path: '/api/status',
    role: 'viewer',
    summary: 'The verdict, what needs a person, the pipelines',
    response: Status,
  },
  listIncidents: {
    method: 'GET',
    path: '/api/incidents',
    role: 'viewer',
    summary: 'What needed a person, open and closed',
    query: IncidentsQuery,
    response: Incidents,
  },
  streamEvents: {
    method: 'GET',
    path: '/api/events',
    role: 'viewer',
    summary: 'Server-sent events: what changes, as it changes. `Last-Event-ID` goes on where it broke off',
    query: EventsQuery,
    response: z.string(),
    media: 'text/event-stream',
  },
});
