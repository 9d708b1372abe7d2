import express, { type Request, type Router } from 'express';
import { z } from 'zod';
import {
  type Account,
  Flag,
  Id,
  kindOf,
  Names,
  nextPage,
  parsedBody,
  parsedQuery,
  storeOfKind,
} from '../company/account.ts';
import type { Kind } from '../company/kind.ts';
import { notFound, validationError } from './failure.ts';
import { inlineAssociations } from './inline-associations.ts';
import { readBatch } from './object-batch.ts';
import { positionBy } from './object-position.ts';
import { searchObjects } from './search.ts';
import { chosenProperties, writeObject } from './written-object.ts';

const PAGE_MAX = 100;
/** As documented for requests with `propertiesWithHistory`. */
const HISTORY_PAGE_MAX = 50;
/** An archived record is listed with no more than this. */
const ARCHIVED_PROPERTIES_MAX = 3;

const ReadQuery = z.object({ properties: Names, propertiesWithHistory: Names, associations: Names, archived: Flag });
const ListQuery = ReadQuery.extend({
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(10),
  after: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});
const OneQuery = ReadQuery.extend({ idProperty: z.string().optional() });
const PrivacyBody = z.object({ objectId: Id });

/** `/crm/v3/objects` and its dated forms. */
export function objectRoutes(account: Account): Router {
  const router = express.Router();
  router.get('/:type', (request, response) => {
    response.json(listObjects(account, kindOf(account, request.params.type), request));
  });
  router.post('/:type/search', (request, response) => {
    response.json(searchObjects(account, kindOf(account, request.params.type), request));
  });
  router.post('/:type/batch/read', (request, response) => {
    const found = readBatch(account, kindOf(account, request.params.type), request);
    response.status('errors' in found ? 207 : 200).json(found);
  });
  router.post('/:type/gdpr-delete', (request, response) => {
    const store = storeOfKind(account, kindOf(account, request.params.type));
    const position = store.positionOf(parsedBody(account, PrivacyBody, request).objectId);
    if (position !== undefined) store.remove(position);
    response.status(204).end();
  });
  router.delete('/:type/:id', (request, response) => {
    const store = storeOfKind(account, kindOf(account, request.params.type));
    const position = store.positionOf(request.params.id);
    if (position !== undefined && store.isLive(position)) store.archive(position, account.now());
    response.status(204).end();
  });
  router.get('/:type/:id', (request, response) => {
    response.json(readOne(account, kindOf(account, request.params.type), request));
  });
  return router;
}

/** A page by id. The cursor is the next id, so that what happens to earlier objects moves nothing. */
function listObjects(account: Account, kind: Kind, request: Request): object {
  const store = storeOfKind(account, kind);
  const query = parsedQuery(account, ListQuery, request);
  const { limit, after, archived, properties, propertiesWithHistory = [], associations = [] } = query;
  if (propertiesWithHistory.length > 0 && limit > HISTORY_PAGE_MAX) {
    throw validationError(`limit must be at most ${HISTORY_PAGE_MAX} with propertiesWithHistory`);
  }
  const asked = chosenProperties(kind, properties);
  const chosen = archived ? [...asked].slice(-ARCHIVED_PROPERTIES_MAX) : asked;
  const from = after === undefined ? 0 : store.positionFrom(Number(after));
  const results: object[] = [];
  let next: number | undefined;
  for (const position of archived ? store.archived(from) : store.live(from)) {
    if (results.length === limit) {
      next = position;
      break;
    }
    results.push({
      ...writeObject(store, position, chosen, propertiesWithHistory),
      ...inlineAssociations(account, kind, { position, wanted: associations, request }),
    });
  }
  return { results, ...(next !== undefined && { paging: nextPage(request, store.idOf(next)) }) };
}

/** A record that was merged into another is returned as that one. */
function readOne(account: Account, kind: Kind, request: Request): object {
  const store = storeOfKind(account, kind);
  const query = parsedQuery(account, OneQuery, request);
  const { archived, properties, propertiesWithHistory = [], associations = [], idProperty } = query;
  const found = positionBy(store, String(request.params['id']), idProperty);
  const position = found === undefined || found >= store.length ? undefined : (store.survivorOf(found) ?? found);
  if (position === undefined || !(archived ? store.isArchived(position) : store.isLive(position))) throw notFound();
  return {
    ...writeObject(store, position, chosenProperties(kind, properties), propertiesWithHistory),
    ...inlineAssociations(account, kind, { position, wanted: associations, request }),
  };
}
