import type { Connection } from '@pipeline/contracts/api';
import { NewConnection } from '@pipeline/contracts/api';
import { operate, removeConnection } from '@pipeline/control';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { describeAll } from '../../connections/describe-all.ts';
import { changeConnection, createConnection } from '../../connections/save.ts';
import type { ApiDeps } from '../deps.ts';
import { RequestError } from '../http/errors.ts';
import type { Handlers } from '../http/handler.ts';

/** A connection in the document. Secrets are references: `token: {env: ACME_HUBSPOT_TOKEN}`, read from the scheduler's environment. */
const Document = z.strictObject({
  connections: z
    .record(
      z.string(),
      NewConnection.omit({ name: true, consentId: true, secrets: true }).extend({
        secrets: z.record(z.string(), z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]{0,80}$/) })).default({}),
      }),
    )
    .default({}),
});
type Described = z.output<typeof Document>['connections'][string];

type Change = {
  connection: string;
  action: 'create' | 'change' | 'remove';
  fields: { path: string; from: z.core.util.JSONType; to: z.core.util.JSONType }[];
};

/** Configuration as code, both ways. */
export function configurationHandlers(deps: ApiDeps): Handlers<'exportConfiguration' | 'applyConfiguration'> {
  return {
    exportConfiguration: async () => {
      const connections = Object.fromEntries(
        (await ownConnections(deps)).map((connection) => [connection.name, documented(connection)]),
      );
      return { yaml: stringify({ connections }) };
    },
    applyConfiguration: async ({ body }, { actor }) => {
      const document = read(body.yaml);
      const current = await ownConnections(deps);
      const changes = difference(document, current, body.prune);
      if (!body.confirm) return { isApplied: false, changes };
      for (const change of changes) await apply(deps, change, document[change.connection], current, actor);
      deps.wake();
      return { isApplied: true, changes };
    },
  };
}

/** Connections of the environment are described by their variables already. */
async function ownConnections(deps: ApiDeps): Promise<Connection[]> {
  return (await describeAll(deps)).filter(({ origin }) => origin === 'page');
}

function documented(connection: Connection) {
  const { source, settings, secrets, selection, schedule, targetSchema } = connection;
  const { origin, ...timed } = schedule;
  const variable = (secret: string) => `${connection.name}_${secret}`.toUpperCase();
  return {
    ...{ source, settings, selection, targetSchema },
    secrets: Object.fromEntries(secrets.map(({ name }) => [name, { env: variable(name) }])),
    ...(origin === 'default' ? {} : { schedule: timed }),
  };
}

function read(yaml: string): Record<string, Described> {
  const refuse = (message: string) =>
    new RequestError({ status: 400, code: 'REQUEST_INVALID', message, fields: [{ path: 'yaml', message }] });
  let value: unknown;
  try {
    value = parse(yaml, { maxAliasCount: 0 });
  } catch (error) {
    throw refuse(error instanceof Error ? (error.message.split('\n')[0] ?? 'is no YAML') : 'is no YAML');
  }
  const document = Document.safeParse(value ?? {});
  if (document.success) return document.data.connections;
  throw refuse(document.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

function difference(document: Record<string, Described>, current: Connection[], prune: boolean): Change[] {
  const changes: Change[] = [];
  for (const [name, wanted] of Object.entries(document)) {
    const existing = current.find((connection) => connection.name === name);
    const before = existing === undefined ? {} : flat(documented(existing));
    const after = flat({ targetSchema: name, ...wanted });
    const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (path) => JSON.stringify(before[path]) !== JSON.stringify(after[path]),
    );
    const relevant = paths.filter((path) => after[path] !== undefined || !path.startsWith('schedule'));
    if (relevant.length === 0) continue;
    const fields = relevant.map((path) => ({ path, from: before[path] ?? null, to: after[path] ?? null }));
    changes.push({ connection: name, action: existing === undefined ? 'create' : 'change', fields });
  }
  if (prune) {
    for (const { name } of current)
      if (document[name] === undefined) changes.push({ connection: name, action: 'remove', fields: [] });
  }
  return changes;
}

/** Leaves by path; a secret is only `set`. */
function flat(value: object, path = ''): Record<string, z.core.util.JSONType> {
  const leaves: Record<string, z.core.util.JSONType> = {};
  for (const [name, item] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (at.startsWith('secrets.')) leaves[at] = 'set';
    else if (typeof item === 'object' && item !== null && !Array.isArray(item)) Object.assign(leaves, flat(item, at));
    else if (item !== undefined) leaves[at] = item;
  }
  return leaves;
}

async function apply(
  deps: ApiDeps,
  change: Change,
  wanted: Described | undefined,
  current: Connection[],
  actor: string,
): Promise<void> {
  const name = change.connection;
  if (change.action === 'remove') {
    await operate(deps.pool, { actor, action: 'remove-connection', target: name, details: { by: 'apply' } }, (client) =>
      removeConnection(client, name),
    );
    return;
  }
  if (wanted === undefined) return;
  const { source, settings, selection, schedule, targetSchema } = wanted;
  const secrets = Object.fromEntries(
    Object.entries(wanted.secrets).map(([secret, { env }]) => [secret, fromEnvironment(env)]),
  );
  const rest = {
    settings,
    selection,
    ...(schedule === undefined ? {} : { schedule }),
    ...(targetSchema === undefined ? {} : { targetSchema }),
  };
  const existing = current.find((connection) => connection.name === name);
  if (existing === undefined)
    await createConnection(deps, NewConnection.parse({ name, source, secrets, ...rest }), actor);
  else await changeConnection(deps, name, { ...rest, secrets, dropTables: [], revision: existing.revision }, actor);
}

function fromEnvironment(variable: string): string {
  const value = process.env[variable];
  if (value !== undefined && value !== '') return value;
  throw new RequestError({
    status: 400,
    code: 'REQUEST_INVALID',
    message: `the scheduler's environment has no ${variable}`,
  });
}
