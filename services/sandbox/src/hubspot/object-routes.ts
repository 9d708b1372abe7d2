import express, { type Request, type Router } from 'express';
import { z } from 'zod';
import { typesOf } from './deal-companies.ts';
import { notFound, validationError } from './failure.ts';
import type { Kind } from './kind.ts';
import { KINDS } from './kind.ts';
import type { ObjectStore } from './object-store.ts';
import { kinds, type Portal } from './portal.ts';
import { parsedBody } from './request-body.ts';
import { searchObjects } from './search.ts';
import { chosenProperties, writeObject } from './written-object.ts';

const PAGE_MAX = 100;
const BATCH_MAX = 100;
const LINKS_INLINE_MAX = 100;
/** An archived record is listed with no more than this. */
const ARCHIVED_PROPERTIES_MAX = 3;

const Flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');
const Names = z
  .string()
  .optional()
  .transform((text) => text?.split(',').filter((name) => name !== ''));
const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(10),
  after: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  properties: Names,
  associations: Names,
  archived: Flag,
});
const BatchBody = z.object({
  inputs: z.array(z.object({ id: z.string() })).max(BATCH_MAX, `The maximum number of inputs is ${BATCH_MAX}`),
  properties: z.array(z.string()).optional(),
});
const PrivacyBody = z.object({ objectId: z.string() });

/** `/crm/v3/objects`. */
export function objectRoutes(portal: Portal, now: () => number, indexLagMs: number): Router {
  const router = express.Router();
  router.get('/:type', (request, response) => {
    response.json(listObjects(portal, kindOf(request), request));
  });
  router.post('/:type/search', (request, response) => {
    const kind = kindOf(request);
    response.json(searchObjects(kind, portal.objects[kind.name], request.body, now() - indexLagMs));
  });
  router.post('/:type/batch/read', (request, response) => {
    const answer = readBatch(portal, kindOf(request), request, now);
    response.status('errors' in answer ? 207 : 200).json(answer);
  });
  router.post('/:type/gdpr-delete', (request, response) => {
    const store = portal.objects[kindOf(request).name];
    const position = store.positionOf(parsedBody(PrivacyBody, request.body).objectId);
    if (position !== undefined) store.remove(position);
    response.status(204).end();
  });
  router.delete('/:type/:id', (request, response) => {
    const store = portal.objects[kindOf(request).name];
    const position = store.positionOf(request.params.id);
    if (position !== undefined && store.isLive(position)) store.archive(position, now());
    response.status(204).end();
  });
  router.get('/:type/:id', (request, response) => {
    const kind = kindOf(request);
    const store = portal.objects[kind.name];
    const position = store.positionOf(request.params.id);
    if (position === undefined || !store.isLive(position)) throw notFound();
    const { properties } = query(request);
    response.json(writeObject(store, position, chosenProperties(kind, properties)));
  });
  return router;
}

function kindOf(request: Request): Kind {
  const name = KINDS.find((kind) => kind === request.params['type']);
  if (name === undefined) throw validationError('Unable to infer object type from the path');
  return kinds[name];
}

function query(request: Request): z.infer<typeof ListQuery> {
  const parsed = ListQuery.safeParse(request.query);
  if (!parsed.success) throw validationError(`Invalid request: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** A page by id. The cursor is the next id, so that what happens to earlier objects moves nothing. */
function listObjects(portal: Portal, kind: Kind, request: Request): object {
  const store = portal.objects[kind.name];
  const { limit, after, archived, properties, associations } = query(request);
  const from = after === undefined ? 0 : store.positionFrom(Number(after));
  const asked = chosenProperties(kind, properties);
  const chosen = archived ? [...asked].slice(-ARCHIVED_PROPERTIES_MAX) : asked;
  const results: object[] = [];
  let next: number | undefined;
  for (const position of archived ? store.archived(from) : store.live(from)) {
    if (results.length === limit) {
      next = position;
      break;
    }
    const links = associations?.includes('companies') && kind.name === 'deals' ? inlineLinks(portal, position) : {};
    results.push({ ...writeObject(store, position, chosen), ...links });
  }
  return { results, ...(next !== undefined && { paging: nextPage(store, next, request) }) };
}

function nextPage(store: ObjectStore, position: number, request: Request): object {
  const after = store.idOf(position);
  return { next: { after, link: `https://api.hubapi.com${request.baseUrl}${request.path}?after=${after}` } };
}

function inlineLinks(portal: Portal, deal: number): object {
  const live = portal.dealCompanies.of(deal).filter(({ company }) => portal.objects.companies.isLive(company));
  if (live.length === 0) return {};
  const results = live.slice(0, LINKS_INLINE_MAX).flatMap((link) =>
    typesOf(link).map(({ label }) => ({
      id: portal.objects.companies.idOf(link.company),
      type: label === null ? 'deal_to_company_unlabeled' : `deal_to_company${label === 'Primary' ? '' : '_reseller'}`,
    })),
  );
  return { associations: { companies: { results } } };
}

function readBatch(portal: Portal, kind: Kind, request: Request, now: () => number): object {
  const startedAt = new Date(now()).toISOString();
  const store = portal.objects[kind.name];
  const { archived } = query(request);
  const { inputs, properties } = parsedBody(BatchBody, request.body);
  const chosen = chosenProperties(kind, properties);
  const results: object[] = [];
  const missing: string[] = [];
  for (const id of new Set(inputs.map((input) => input.id))) {
    const position = store.positionOf(id);
    const isThere = position !== undefined && (archived ? store.isArchived(position) : store.isLive(position));
    if (isThere) results.push(writeObject(store, position, chosen));
    else missing.push(id);
  }
  const errors = missing.length === 0 ? {} : { numErrors: 1, errors: [missingError(kind, missing)] };
  return { status: 'COMPLETE', results, ...errors, startedAt, completedAt: new Date(now()).toISOString() };
}

function missingError(kind: Kind, ids: string[]): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${kind.singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids },
  };
}
