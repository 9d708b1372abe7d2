import express, { type Router } from 'express';
import type { Company } from '../company/company.ts';
import { Parameters } from './parameters.ts';
import { notFound, sendPage } from './responses.ts';
import { only } from './row-filter.ts';

export function spaceRoutes({ spaces, contacts }: Company): Router {
  const router = express.Router();
  const me = contacts.find((contact) => contact.me)?.id;
  router.get('/spaces', (request, response) => {
    const parameters = new Parameters(request, ['withArchived', 'userIsMember', 'fields'], ['type']);
    const fields = parameters.fields(['members']);
    const found = spaces
      .filter((space) => parameters.boolean('withArchived') || !space.archived)
      .filter((space) => !parameters.boolean('userIsMember') || space.members.some(({ id }) => id === me));
    sendPage(response, { kind: 'spaces', data: found.map((space) => only({ ...space }, ['members'], fields)) });
  });
  router.get('/spaces/:id', (request, response) => {
    const fields = new Parameters(request, ['fields']).fields(['members']);
    const space = spaces.find(({ id }) => id === request.params.id);
    if (!space) throw notFound();
    sendPage(response, { kind: 'spaces', data: [only({ ...space }, ['members'], fields)] });
  });
  return router;
}
