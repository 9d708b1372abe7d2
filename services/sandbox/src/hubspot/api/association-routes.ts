import express, { type Request, type Router } from 'express';
import { z } from 'zod';
import { type Account, Id, kindOf, pageOf, parsedBody, parsedQuery, storeOfKind } from '../company/account.ts';
import type { Kind } from '../company/kind.ts';
import { internalError, notFound, validationError } from './failure.ts';

const INPUTS_MAX = 1_000;
/** Objects on one page of associations in a batch, and most for a single object. */
const LINKS_PER_PAGE = 100;
const LINKS_OF_ONE_MAX = 500;

const ReadBody = z.object({
  inputs: z
    .array(z.object({ id: Id, after: z.string().optional() }))
    .max(INPUTS_MAX, `The maximum number of inputs is ${INPUTS_MAX}`),
});
const NoQuery = z.object({});
const OneQuery = z.object({
  limit: z.coerce.number().int().min(1).max(LINKS_OF_ONE_MAX).default(LINKS_OF_ONE_MAX),
  after: z.string().optional(),
});
type Input = z.infer<typeof ReadBody>['inputs'][number];
interface Pair {
  from: Kind;
  to: Kind;
}

/** `/crm/v4/associations` and its dated forms. */
export function associationRoutes(account: Account): Router {
  const router = express.Router();
  router.get('/:from/:to/labels', (request, response) => {
    const { from, to } = pairOf(account, request);
    response.json({ results: account.portal.associations.types(from.name, to.name) });
  });
  router.post('/:from/:to/batch/read', (request, response) => {
    parsedQuery(account, NoQuery, request);
    const { inputs } = parsedBody(account, ReadBody, request);
    const found = readBatch(account, pairOf(account, request), inputs);
    response.status('errors' in found ? 207 : 200).json(found);
  });
  return router;
}

/** `GET /crm/v4/objects/{type}/{id}/associations/{to}` */
export function ownAssociationRoutes(account: Account): Router {
  const router = express.Router();
  router.get('/:from/:id/associations/:to', (request, response) => {
    const { from, to } = pairOf(account, request);
    const { limit, after } = parsedQuery(account, OneQuery, request);
    const store = storeOfKind(account, from);
    const position = store.positionOf(request.params.id);
    if (position === undefined || !store.isLive(position)) throw notFound();
    const all = linksOf(account, { from, to }, position);
    const { page, paging } = pageOf(all, { limit, after, request });
    response.json({ results: page, ...paging });
  });
  return router;
}

function pairOf(account: Account, request: Request): Pair {
  const { from, to } = request.params;
  return { from: kindOf(account, String(from)), to: kindOf(account, String(to)) };
}

function linksOf(account: Account, { from, to }: Pair, position: number): object[] {
  const store = storeOfKind(account, to);
  return account.portal.associations.of(from.name, position, to.name).map((one) => ({
    toObjectId: Number(store.idOf(one.position)),
    associationTypes: one.types,
  }));
}

/** An object without any is told of among the errors, as is one that was merged away; one that was deleted breaks the whole call. */
function readBatch(account: Account, pair: Pair, inputs: Input[]): object {
  const startedAt = new Date(account.now()).toISOString();
  const store = storeOfKind(account, pair.from);
  const results: object[] = [];
  const errors: object[] = [];
  for (const input of inputs) {
    if (account.poisonIds.has(input.id)) throw internalError();
    const position = store.positionOf(input.id);
    if (position !== undefined && store.isArchived(position)) {
      throw validationError('Invalid input: some of the objects are archived.');
    }
    const isLive = position !== undefined && store.isLive(position);
    const result = isLive ? linksOfInput(account, pair, { ...input, position }) : undefined;
    if (result === undefined) errors.push(noAssociations(pair, input.id));
    else results.push(result);
  }
  const failed = errors.length === 0 ? {} : { numErrors: errors.length, errors };
  return { status: 'COMPLETE', results, startedAt, completedAt: new Date(account.now()).toISOString(), ...failed };
}

function linksOfInput(account: Account, pair: Pair, input: Input & { position: number }): object | undefined {
  const all = linksOf(account, pair, input.position);
  const from = input.after === undefined ? 0 : Number(Buffer.from(input.after, 'base64').toString());
  if (all.length === 0 && input.after === undefined) return undefined;
  const after = Buffer.from(String(from + LINKS_PER_PAGE)).toString('base64');
  return {
    from: { id: input.id },
    to: all.slice(from, from + LINKS_PER_PAGE),
    ...(from + LINKS_PER_PAGE < all.length && {
      paging: { next: { after, link: `?after=${encodeURIComponent(after)}` } },
    }),
  };
}

function noAssociations({ from, to }: Pair, id: string): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to.singular} is associated with ${from.singular} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [from.name], toObjectType: [to.name] },
  };
}
