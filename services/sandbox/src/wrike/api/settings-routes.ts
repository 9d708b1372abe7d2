import express, { type Router } from 'express';
import type { Company } from '../company/company.ts';
import { account, subscription } from '../company/settings.ts';
import { Parameters } from './parameters.ts';
import { sendPage } from './responses.ts';

/** What administrators keep. These endpoints don't page: they return all rows. */
export function settingsRoutes({ workflows }: Company): Router {
  const router = express.Router();
  router.get('/account', (request, response) => {
    const fields = new Parameters(request, ['fields']).fields(['subscription', 'metadata', 'customFields']);
    const data = [{ ...account, ...(fields.includes('subscription') && { subscription }) }];
    sendPage(response, { kind: 'accounts', data });
  });
  router.get('/workflows', (request, response) => {
    new Parameters(request, []);
    sendPage(response, { kind: 'workflows', data: workflows.map((workflow) => ({ ...workflow })) });
  });
  return router;
}
