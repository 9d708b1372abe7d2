import express, { type Request, type Router } from 'express';
import { z } from 'zod';
import { type Account, pageOf, parsedBody, parsedQuery, requireScope } from '../company/account.ts';
import { type ContactList, membersOf, writeList } from '../company/lists.ts';
import type { ObjectStore } from '../company/object-store.ts';
import { kinds } from '../kinds/all.ts';
import { notFound } from './failure.ts';

const SearchBody = z.object({
  count: z.int().min(1).max(500).default(20),
  offset: z.int().min(0).default(0),
  query: z.string().default(''),
  sort: z.string().optional(),
  objectTypeId: z.string().optional(),
  processingTypes: z.array(z.string()).optional(),
  listIds: z.array(z.string()).optional(),
  additionalProperties: z.array(z.string()).default([]),
});
const MembersQuery = z.object({
  limit: z.coerce.number().int().min(1).max(250).default(100),
  after: z.string().optional(),
});

/** `/crm/v3/lists` and its dated forms. */
export function listRoutes(account: Account): Router {
  const router = express.Router();
  router.use((_request, _response, next) => {
    requireScope(account, ['crm.lists.read']);
    next();
  });
  router.post('/search', (request, response) => {
    response.json(searchLists(account, request));
  });
  router.get('/:id/memberships/join-order', (request, response) => {
    response.json(members(account, request, 'join-order'));
  });
  router.get('/:id/memberships', (request, response) => {
    response.json(members(account, request, 'id'));
  });
  router.get('/:id', (request, response) => {
    const list = listOf(account, request);
    const { additionalProperties: _more, ...fields } = writeList(list, storeOf(account, list));
    response.json({ list: fields });
  });
  return router;
}

function searchLists(account: Account, request: Request): object {
  const { count, offset, query, objectTypeId, processingTypes, listIds } = parsedBody(account, SearchBody, request);
  const found = account.portal.lists.filter(
    (list) =>
      list.name.toLowerCase().includes(query.toLowerCase()) &&
      (objectTypeId === undefined || list.objectTypeId === objectTypeId) &&
      (processingTypes === undefined || processingTypes.includes(list.processingType)) &&
      (listIds === undefined || listIds.includes(list.id)),
  );
  const page = found.slice(offset, offset + count);
  const lists = page.map((list) => writeList(list, storeOf(account, list)));
  const next = offset + page.length;
  return { offset: next, hasMore: next < found.length, total: found.length, lists };
}

function members(account: Account, request: Request, order: 'join-order' | 'id'): object {
  const list = listOf(account, request);
  const store = storeOf(account, list);
  const { limit, after } = parsedQuery(account, MembersQuery, request);
  const all = membersOf(list, store);
  if (order === 'id') all.sort((one, other) => one.position - other.position);
  const { page, paging } = pageOf(all, { limit, after, request });
  const results = page.map(({ position, joinedAt }) => ({
    recordId: store?.idOf(position),
    membershipTimestamp: new Date(joinedAt).toISOString(),
  }));
  return { results, total: all.length, ...paging };
}

function listOf({ portal }: Account, request: Request): ContactList {
  const list = portal.lists.find(({ id }) => id === request.params['id']);
  if (list === undefined) throw notFound();
  return list;
}

/** The records that a list is of. */
function storeOf({ portal }: Account, { objectTypeId }: ContactList): ObjectStore | undefined {
  const kind = [...kinds.values()].find(({ typeId }) => typeId === objectTypeId);
  return kind && portal.objects.get(kind.name);
}
