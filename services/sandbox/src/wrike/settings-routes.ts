import express, { type Router } from 'express';
import { sendPage } from './answers.ts';
import type { Company } from './company.ts';
import { Parameters } from './parameters.ts';
import { account, subscription } from './settings.ts';

/** Endpoints that don't page: they give all there is. */
export function settingsRoutes({ contacts, spaces, workflows }: Company): Router {
  const router = express.Router();
  router.get('/account', (request, response) => {
    const fields = new Parameters(request, ['fields']).fields(['subscription', 'metadata', 'customFields']);
    const data = [{ ...account, ...(fields.includes('subscription') && { subscription }) }];
    sendPage(response, { kind: 'accounts', data });
  });
  router.get('/contacts', (request, response) => {
    const parameters = new Parameters(request, ['me', 'deleted', 'fields']);
    parameters.fields(['metadata', 'workScheduleId', 'customFields']);
    const deleted = parameters.boolean('deleted') ?? false;
    const found = parameters.has('me')
      ? contacts.filter(({ me }) => me)
      : contacts.filter((contact) => contact.deleted === deleted);
    sendPage(response, { kind: 'contacts', data: found.map((contact) => ({ ...contact })) });
  });
  router.get('/spaces', (request, response) => {
    const parameters = new Parameters(request, ['withArchived', 'userIsMember', 'fields']);
    const fields = parameters.fields(['members']);
    const found = spaces.filter((space) => parameters.boolean('withArchived') || !space.archived);
    const data = found.map(({ members, ...space }) => (fields.includes('members') ? { ...space, members } : space));
    sendPage(response, { kind: 'spaces', data });
  });
  router.get('/workflows', (request, response) => {
    new Parameters(request, []);
    sendPage(response, { kind: 'workflows', data: workflows.map((workflow) => ({ ...workflow })) });
  });
  return router;
}
