import express, { type Router } from 'express';
import { z } from 'zod';
import { writePipeline } from './deal-pipelines.ts';
import { notFound, validationError } from './failure.ts';
import { KINDS } from './kind.ts';
import { writeOwner } from './owners.ts';
import { kinds, PORTAL_ID, type Portal } from './portal.ts';
import { writeDefinition } from './property-definition.ts';

const OwnersQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().optional(),
  archived: z.enum(['true', 'false']).default('false'),
});

/** Owners, pipelines, properties and the account itself. */
export function referenceRoutes(portal: Portal): Router {
  const router = express.Router();
  router.get('/crm/v3/owners', (request, response) => {
    const query = OwnersQuery.safeParse(request.query);
    if (!query.success) throw validationError(`Invalid request: ${z.prettifyError(query.error)}`);
    response.json(listOwners(portal, query.data));
  });
  router.get('/crm/v3/pipelines/deals', (_request, response) => {
    response.json({ results: portal.pipelines.map(writePipeline) });
  });
  router.get('/crm/v3/properties/:type', (request, response) => {
    const name = KINDS.find((kind) => kind === request.params.type);
    if (name === undefined) throw notFound();
    const { properties, singular } = kinds[name];
    const group = singular.replace('_', '');
    response.json({ results: properties.map((definition, order) => writeDefinition(definition, group, order)) });
  });
  router.get('/account-info/v3/details', (_request, response) => {
    response.json({
      portalId: PORTAL_ID,
      accountType: 'STANDARD',
      timeZone: 'US/Eastern',
      companyCurrency: 'USD',
      additionalCurrencies: ['EUR', 'GBP'],
      utcOffset: '-05:00',
      utcOffsetMilliseconds: -18_000_000,
      uiDomain: 'app.hubspot.com',
      dataHostingLocation: 'na1',
    });
  });
  return router;
}

/** A page by id, behind an opaque cursor. */
function listOwners(portal: Portal, { limit, after, archived }: z.infer<typeof OwnersQuery>): object {
  const from = after === undefined ? 0 : Number(Buffer.from(after, 'base64').toString());
  const owners = portal.owners.filter((owner) => owner.archived === (archived === 'true') && Number(owner.id) >= from);
  const next = owners[limit];
  return {
    results: owners.slice(0, limit).map(writeOwner),
    ...(next !== undefined && { paging: { next: ownersCursor(next.id) } }),
  };
}

function ownersCursor(id: string): object {
  const after = Buffer.from(id).toString('base64');
  return { after, link: `?after=${encodeURIComponent(after)}` };
}
