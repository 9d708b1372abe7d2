import express, { type Router } from 'express';
import { z } from 'zod';
import { PRIMARY, RESELLER, typesOf, UNLABELED } from './deal-companies.ts';
import { validationError } from './failure.ts';
import type { Portal } from './portal.ts';
import { parsedBody } from './request-body.ts';

const INPUTS_MAX = 1_000;
/** Companies on one page of a deal's associations. */
const LINKS_PER_PAGE = 100;

const ReadBody = z.object({
  inputs: z
    .array(z.object({ id: z.string(), after: z.string().optional() }))
    .max(INPUTS_MAX, `The maximum number of inputs is ${INPUTS_MAX}`),
});
type Input = z.infer<typeof ReadBody>['inputs'][number];

/** `/crm/v4/associations`, for deals and their companies. */
export function associationRoutes(portal: Portal, now: () => number): Router {
  const router = express.Router();
  router.get('/deals/companies/labels', (_request, response) => {
    response.json({ results: [PRIMARY, UNLABELED, RESELLER] });
  });
  router.post('/deals/companies/batch/read', (request, response) => {
    const answer = readBatch(portal, parsedBody(ReadBody, request.body).inputs, now);
    response.status('errors' in answer ? 207 : 200).json(answer);
  });
  return router;
}

/** A deal without companies is told of among the errors; one that was deleted breaks the whole call. */
function readBatch(portal: Portal, inputs: Input[], now: () => number): object {
  const startedAt = new Date(now()).toISOString();
  const results: object[] = [];
  const errors: object[] = [];
  for (const input of inputs) {
    const deal = portal.objects.deals.positionOf(input.id);
    if (deal !== undefined && !portal.objects.deals.isLive(deal)) {
      throw validationError('Invalid input: some of the objects are archived or were merged.');
    }
    const result = deal === undefined ? undefined : linksOf(portal, deal, input);
    if (result === undefined) errors.push(noAssociations(input.id));
    else results.push(result);
  }
  const failed = errors.length === 0 ? {} : { numErrors: errors.length, errors };
  return { status: 'COMPLETE', results, startedAt, completedAt: new Date(now()).toISOString(), ...failed };
}

function linksOf(portal: Portal, deal: number, { id, after }: Input): object | undefined {
  const { companies } = portal.objects;
  const from = after === undefined ? 0 : companies.positionFrom(Number(Buffer.from(after, 'base64').toString()));
  const links = portal.dealCompanies.of(deal).filter(({ company }) => company >= from && companies.isLive(company));
  if (links.length === 0 && after === undefined) return undefined;
  const next = links[LINKS_PER_PAGE];
  return {
    from: { id },
    to: links.slice(0, LINKS_PER_PAGE).map((link) => ({
      toObjectId: Number(companies.idOf(link.company)),
      associationTypes: typesOf(link),
    })),
    ...(next !== undefined && { paging: paging(companies.idOf(next.company)) }),
  };
}

function paging(companyId: string): object {
  const after = Buffer.from(companyId).toString('base64');
  return { next: { after, link: `?after=${encodeURIComponent(after)}` } };
}

function noAssociations(id: string): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No company is associated with deal ${id}.`,
    context: { fromObjectId: [id], fromObjectType: ['deals'], toObjectType: ['companies'] },
  };
}
