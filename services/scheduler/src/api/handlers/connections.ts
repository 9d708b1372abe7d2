import {
  dropTables,
  listDependentTables,
  listNodes,
  listSources,
  operate,
  refusal,
  removeConnection,
  requestConnectionCheck,
} from '@pipeline/control';
import { describeAll, describeOne } from '../../connections/describe-all.ts';
import { changeConnection, createConnection, knownConnection } from '../../connections/save.ts';
import { WEBHOOK_SECRET_FIELD } from '../../hooks/secret-field.ts';
import type { ApiDeps } from '../deps.ts';
import type { Handlers } from '../http/handler.ts';

type Names =
  | 'listSources'
  | 'listConnections'
  | 'getConnection'
  | 'createConnection'
  | 'changeConnection'
  | 'getDependents'
  | 'removeConnection';

/** Connections: accounts that are read. */
export function connectionHandlers(deps: ApiDeps): Handlers<Names> {
  const { pool, wake } = deps;
  return {
    listSources: async () => {
      const items = (await listSources(pool)).map(({ description, isAlive, seenAt }) => ({
        ...description,
        settings: [...description.settings, ...(description.webhooks === null ? [] : [WEBHOOK_SECRET_FIELD])],
        isAlive,
        seenAt: seenAt.toISOString(),
      }));
      return { items, nextCursor: null, total: items.length };
    },
    listConnections: async () => {
      const items = await describeAll(deps);
      return { items, nextCursor: null, total: items.length };
    },
    getConnection: ({ params }) => describeOne(deps, params.name),
    createConnection: async ({ body }, { actor }) => {
      await createConnection(deps, body, actor);
      await requestConnectionCheck(pool, body, actor);
      wake();
      return describeOne(deps, body.name);
    },
    changeConnection: async ({ params, body }, { actor }) => {
      await changeConnection(deps, params.name, body, actor);
      wake();
      return describeOne(deps, params.name);
    },
    getDependents: async ({ params }) => {
      const { targetSchema } = await knownConnection(pool, params.name);
      const [tables, { nodes }] = await Promise.all([listDependentTables(pool, targetSchema), listNodes(pool)]);
      const models = nodes.filter(
        ({ kind, parents }) => kind === 'model' && parents.some((parent) => isOfSchema(nodes, parent, targetSchema)),
      );
      return { tables, rows: tables.reduce((sum, { rows }) => sum + rows, 0), models: models.map(({ name }) => name) };
    },
    removeConnection: async ({ params, body }, { actor }) => {
      const { name, origin, targetSchema } = await knownConnection(pool, params.name);
      if (origin === 'environment')
        throw refusal(
          'CONNECTION_IS_ENVIRONMENTS',
          `${name} is made by variables: it would be back with the next start`,
        );
      if (body.expected !== name) throw refusal('EXPECTED_DIFFERS', `to remove ${name}, type its name`);
      const streams = body.dropTables
        ? (await listDependentTables(pool, targetSchema)).map(({ stream }) => stream)
        : [];
      await operate(
        pool,
        { actor, action: 'remove-connection', target: name, details: { dropTables: body.dropTables } },
        async (client) => {
          await removeConnection(client, name);
          if (streams.length > 0) await dropTables(client, targetSchema, streams);
        },
      );
      wake();
      return {};
    },
  };
}

const isOfSchema = (
  nodes: { id: string; kind: string; databaseSchema: string | null }[],
  id: string,
  schema: string,
): boolean => nodes.some((node) => node.id === id && node.kind === 'source' && node.databaseSchema === schema);
