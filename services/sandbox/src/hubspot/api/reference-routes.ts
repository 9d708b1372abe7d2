import express, { type Router } from 'express';
import { z } from 'zod';
import { type Account, Flag, kindOf, pageOf, parsedQuery, requireScope } from '../company/account.ts';
import { writeOwner } from '../company/owners.ts';
import { writePipeline } from '../company/pipelines.ts';
import { writeDefinition } from '../company/property-definition.ts';
import { kinds } from '../kinds/all.ts';
import { notFound } from './failure.ts';
import { writeSchema } from './written-schema.ts';

const OwnersQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().optional(),
  archived: Flag,
  email: z.string().optional(),
});
const OwnerQuery = z.object({ idProperty: z.enum(['id', 'userId']).default('id'), archived: Flag });
const PropertiesQuery = z.object({
  archived: Flag,
  dataSensitivity: z.enum(['non_sensitive', 'sensitive', 'highly_sensitive']).default('non_sensitive'),
});
const NoQuery = z.object({});
const SchemasQuery = z.object({
  archived: Flag,
  includeAssociationDefinitions: Flag,
  includeAuditMetadata: Flag,
  includePropertyDefinitions: Flag,
});

/** Owners, pipelines, properties and schemas. */
export function referenceRoutes(account: Account): Router {
  const router = express.Router();
  const { portal } = account;
  router.get('/crm/v3/owners', (request, response) => {
    requireScope(account, ['crm.objects.owners.read']);
    const { limit, after, archived, email } = parsedQuery(account, OwnersQuery, request);
    const owners = portal.owners.filter(
      (owner) => owner.archived === archived && (email === undefined || owner.email === email),
    );
    const { page, paging } = pageOf(owners, { limit, after, request });
    response.json({ results: page.map(writeOwner), ...paging });
  });
  router.get('/crm/v3/owners/:id', (request, response) => {
    requireScope(account, ['crm.objects.owners.read']);
    const { idProperty, archived } = parsedQuery(account, OwnerQuery, request);
    const owner = portal.owners.find(
      (one) => String(idProperty === 'id' ? one.id : one.userId) === request.params.id && one.archived === archived,
    );
    if (owner === undefined) throw notFound();
    response.json(writeOwner(owner));
  });
  router.get('/crm/v3/pipelines/:type', (request, response) => {
    parsedQuery(account, NoQuery, request);
    const { name } = kindOf(account, request.params.type);
    response.json({ results: portal.pipelines.filter(({ type }) => type === name).map(writePipeline) });
  });
  router.get('/crm/v3/properties/:type', (request, response) => {
    response.json({ results: definitionsOf(account, request) });
  });
  router.get('/crm/v3/properties/:type/:name', (request, response) => {
    const found = definitionsOf(account, request).find(({ name }) => name === request.params.name);
    if (found === undefined) throw notFound();
    response.json(found);
  });
  router.get('/crm-object-schemas/v3/schemas', (request, response) => {
    requireScope(account, ['crm.schemas.custom.read']);
    const { archived } = parsedQuery(account, SchemasQuery, request);
    const own = [...kinds.values()].filter(({ isCustom, typeId }) => isCustom && !account.notActivated.has(typeId));
    response.json({ results: archived ? [] : own.map(writeSchema) });
  });
  return router;
}

/** Sensitive properties are listed only when they are asked for, each kind on its own, and if the app may read them. */
function definitionsOf(account: Account, request: express.Request): (Record<string, unknown> & { name: string })[] {
  const kind = kindOf(account, String(request.params['type']), 'properties');
  const { archived, dataSensitivity } = parsedQuery(account, PropertiesQuery, request);
  if (dataSensitivity !== 'non_sensitive') {
    requireScope(account, [`crm.objects.${kind.name}.${dataSensitivity}.read.v2`]);
  }
  if (archived) return [];
  const group = kind.singular.replace('_', '');
  return kind.properties
    .filter(({ sensitivity }) => sensitivity === dataSensitivity)
    .map((definition, order) => writeDefinition(definition, group, order));
}
