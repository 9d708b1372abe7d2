import { ApiError, type Route, routes } from '@pipeline/protocol/api';
import { z } from 'zod';

/** The API as OpenAPI 3.1, made from the list of routes: it cannot say anything else than what is served. */
export function openApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'pipeline',
      version,
      description:
        'Control plane: what runs, what is loaded, what needs a person, and every command. Instants are UTC, 64-bit ids are strings, lists are pages with a cursor.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An access token' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'pipeline_session',
          description: 'After a login; changes need X-CSRF-Token',
        },
      },
      responses: {
        Error: {
          description: 'What went wrong',
          content: { 'application/json': { schema: schemaOf(ApiError, 'output') } },
        },
      },
    },
  };
}

function operation(name: string, route: Route): object {
  const status = String(route.status ?? 200);
  const content = { [route.media ?? 'application/json']: { schema: schemaOf(route.response, 'output') } };
  return {
    operationId: name,
    summary: route.summary,
    description: route.role === 'public' ? 'Needs no login.' : `Needs the role ${route.role}.`,
    tags: [route.path.split('/')[2] ?? 'api'],
    ...(route.role === 'public' ? { security: [] } : {}),
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query'), ...idempotency(route)],
    ...(route.body === undefined
      ? {}
      : { requestBody: { content: { 'application/json': { schema: schemaOf(route.body, 'input') } } } }),
    responses: { [status]: { description: 'Done', content }, default: { $ref: '#/components/responses/Error' } },
  };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): object[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function idempotency({ method }: Route): object[] {
  if (method !== 'POST') return [];
  const description = 'A repetition with the same key gets what the first request came to';
  return [
    { name: 'Idempotency-Key', in: 'header', required: false, description, schema: { type: 'string', maxLength: 200 } },
  ];
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
