import { pipelineName } from '@pipeline/contracts';
import type { Connection } from '@pipeline/contracts/api';
import {
  dropTables,
  listAccountLevels,
  listConnections,
  listDependentTables,
  listNodes,
  listPipelineRows,
  listSources,
  newestChecks,
  operate,
  readCheck,
  readSource,
  refusal,
  removeConnection,
  requestCheck,
  requestConnectionCheck,
  trialSecretName,
} from '@pipeline/control';
import { encryptValue, Secrets } from '../../access/encryption.ts';
import { describeConnection } from '../../connections/describe.ts';
import { grantedSecrets } from '../../connections/granted.ts';
import { changeConnection, createConnection, knownConnection } from '../../connections/save.ts';
import { VERIFIERS, WEBHOOK_SECRET_FIELD } from '../../hooks/verifiers.ts';
import type { ApiDeps } from '../deps.ts';
import type { Handlers } from '../http/handler.ts';

type Names =
  | 'listSources'
  | 'listConnections'
  | 'getConnection'
  | 'createConnection'
  | 'changeConnection'
  | 'getDependents'
  | 'removeConnection'
  | 'checkConnection'
  | 'checkSettings'
  | 'getCheck';

/** Connections: accounts that are read. */
export function connectionHandlers(deps: ApiDeps): Handlers<Names> {
  const { pool, wake } = deps;
  return {
    listSources: async () => {
      const items = (await listSources(pool)).map(({ description, isAlive, seenAt }) => ({
        ...description,
        settings: [...description.settings, ...(VERIFIERS.has(description.source) ? [WEBHOOK_SECRET_FIELD] : [])],
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
    checkConnection: async ({ params }, { actor }) => {
      const connection = await knownConnection(pool, params.name);
      const checkId = await requestConnectionCheck(pool, connection, actor);
      wake();
      return { checkId, message: `${params.name} is being looked at; that takes some seconds` };
    },
    checkSettings: async ({ body }, { actor }) => {
      if ((await readSource(pool, body.source)) === undefined)
        throw refusal('UNKNOWN_SOURCE', `no tap of ${body.source} has registered`);
      const id = crypto.randomUUID();
      const secrets = { ...body.secrets, ...(await grantedSecrets(deps, body.consentId, body.source)) };
      const trial = encryptValue(deps.key, trialSecretName(id), {
        settings: body.settings,
        secrets: Secrets.parse(secrets),
      });
      const check = { id, source: body.source, connection: null, trial, requestedBy: actor };
      await operate(
        pool,
        { actor, action: 'check', target: body.source, details: { settings: body.settings } },
        (client) => requestCheck(client, check),
      );
      wake();
      return { checkId: id, message: 'the account is being looked at; that takes some seconds' };
    },
    getCheck: async ({ params }) => {
      const check = await readCheck(pool, params.id);
      if (check === undefined) throw refusal('UNKNOWN_CHECK', `there is no check ${params.id}`);
      return { id: params.id, state: check.isDone ? ('done' as const) : ('queued' as const), check: check.result };
    },
  };
}

const isOfSchema = (
  nodes: { id: string; kind: string; databaseSchema: string | null }[],
  id: string,
  schema: string,
): boolean => nodes.some((node) => node.id === id && node.kind === 'source' && node.databaseSchema === schema);

export async function describeAll({ pool, settings }: Pick<ApiDeps, 'pool' | 'settings'>): Promise<Connection[]> {
  const [connections, sources, pipelines, checks, levels] = await Promise.all([
    listConnections(pool),
    listSources(pool),
    listPipelineRows(pool),
    newestChecks(pool),
    listAccountLevels(pool),
  ]);
  return connections.map((stored) =>
    describeConnection(stored, {
      source: sources.find(({ description }) => description.source === stored.source),
      pipeline: pipelines.find(({ name }) => name === pipelineName(stored.name)),
      check: checks.get(stored.name),
      levels,
      isAlone: connections.every(({ name, source }) => source !== stored.source || name === stored.name),
      intervalSeconds: settings.intervalSeconds,
    }),
  );
}

async function describeOne(deps: ApiDeps, name: string): Promise<Connection> {
  const found = (await describeAll(deps)).find((connection) => connection.name === name);
  if (found === undefined) throw refusal('UNKNOWN_CONNECTION', `there is no connection ${name}`);
  return found;
}
