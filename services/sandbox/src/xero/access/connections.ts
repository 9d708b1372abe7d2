import { createHash } from 'node:crypto';
import express, { type Request, type Router } from 'express';
import { notFound } from '../api/failure.ts';
import type { Books } from '../company/books.ts';
import type { Grant } from './access-token.ts';

/** The consent that the configured refresh token stands for. */
export const FIRST_CONSENT = 'd99ecdfe-391d-43d2-b834-17636ba90e8d';

/** Which organisations the app is connected to, by which consent. */
export class Connections {
  readonly #organisations: readonly Books[];
  /** Consent by organisation id. */
  readonly #consents: Map<string, string>;

  constructor(organisations: readonly Books[]) {
    this.#organisations = organisations;
    this.#consents = new Map(organisations.map(({ organisation }) => [organisation.id, FIRST_CONSENT]));
  }

  /** @param tenants ids of the organisations that a person chose */
  consent(authEventId: string, tenants: readonly string[]): void {
    for (const tenant of tenants) this.#consents.set(tenant, authEventId);
  }

  /** Organisations that a person may choose. */
  all(): { id: string; name: string }[] {
    return this.#organisations.map(({ organisation: { id, name } }) => ({ id, name }));
  }

  /** Undefined: the app is not connected to it. */
  find(tenantId: string): Books | undefined {
    const books = this.#organisations.find(({ organisation }) => organisation.id === tenantId);
    return books !== undefined && this.#consents.has(tenantId) ? books : undefined;
  }

  list(authEventId?: string) {
    return this.#organisations.flatMap((books) => {
      const consent = this.#consents.get(books.organisation.id);
      const isWanted = consent !== undefined && (authEventId === undefined || authEventId === consent);
      return isWanted ? [{ ...connectionOf(books), authEventId: consent }] : [];
    });
  }

  /** @returns whether there was such a connection */
  remove(id: string): boolean {
    const connection = this.list().find((one) => one.id === id);
    return connection !== undefined && this.#consents.delete(connection.tenantId);
  }
}

/** A connection keeps its id as long as it lives. */
export function connectionOf(books: Books) {
  const { id, name, createdAt } = books.organisation;
  const ticks = `${new Date(createdAt).toISOString().slice(0, -1)}5400`;
  return {
    id: guidFrom(`connection ${id}`),
    tenantId: id,
    tenantType: 'ORGANISATION',
    tenantName: name,
    createdDateUtc: ticks,
    updatedDateUtc: ticks,
  };
}

/** `GET /connections`, `DELETE /connections/{id}`. A custom connection has exactly one. */
export function connectionsRouter(connections: Connections, grantOf: (request: Request) => Grant): Router {
  const router = express.Router();
  router.get('/connections', (request, response) => {
    const grant = grantOf(request);
    const { authEventId } = request.query;
    const found = connections.list(typeof authEventId === 'string' ? authEventId : undefined);
    response.json(grant.isCustomConnection ? found.slice(0, 1) : found);
  });
  router.delete('/connections/:id', (request, response) => {
    grantOf(request);
    if (!connections.remove(request.params.id)) throw notFound();
    response.status(204).end();
  });
  return router;
}

function guidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
