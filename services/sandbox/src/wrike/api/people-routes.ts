import express, { type Router } from 'express';
import type { Company } from '../company/company.ts';
import { type Contact, groupModel } from '../company/contacts.ts';
import { changingTokens } from './paging.ts';
import { Parameters } from './parameters.ts';
import { notFound, sendPage } from './responses.ts';
import { ids, only, PAGE_MAX } from './row-filter.ts';

const CONTACT_FIELDS = ['metadata', 'workScheduleId', 'customFields'];
const FILTERS = ['types', 'emails', 'name', 'active', 'metadata', 'customFields'];

/** People and groups. */
export function peopleRoutes({ contacts }: Company): Router {
  const router = express.Router();
  const model = (contact: Contact, fields: readonly string[]) => only({ ...contact }, CONTACT_FIELDS, fields);
  router.get('/contacts', (request, response) => {
    const parameters = new Parameters(request, ['me', 'deleted', 'fields'], FILTERS);
    const fields = parameters.fields(CONTACT_FIELDS);
    const deleted = parameters.boolean('deleted') ?? false;
    const found = parameters.has('me')
      ? contacts.filter(({ me }) => me)
      : contacts.filter((contact) => contact.deleted === deleted);
    sendPage(response, { kind: 'contacts', data: found.map((contact) => model(contact, fields)) });
  });
  router.get('/contacts/:ids', (request, response) => {
    const fields = new Parameters(request, ['fields']).fields(CONTACT_FIELDS);
    const asked = ids(request.params.ids);
    const found = contacts.filter(({ id }) => asked.includes(id));
    if (found.length === 0) throw notFound();
    sendPage(response, { kind: 'contacts', data: found.map((contact) => model(contact, fields)) });
  });
  router.get('/groups', (request, response) => {
    const parameters = new Parameters(request, ['pageSize', 'pageToken', 'fields'], ['metadata']);
    parameters.fields(['metadata']);
    const groups = contacts.filter(({ type, deleted }) => type === 'Group' && !deleted);
    const size = parameters.integer('pageSize', 1, PAGE_MAX) ?? PAGE_MAX;
    const token = parameters.text('pageToken');
    const offset = token === undefined ? 0 : changingTokens.offset(token);
    const page = groups.slice(offset, offset + size);
    sendPage(response, {
      kind: 'groups',
      nextPageToken: page.length === size ? changingTokens.issue(offset + size) : undefined,
      responseSize: groups.length,
      data: page.map(groupModel),
    });
  });
  return router;
}
