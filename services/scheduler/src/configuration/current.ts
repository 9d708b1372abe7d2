import { listChannels, listStoredSettings, type StoredChannel } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { Connection } from '@pipeline/protocol/api';
import { describeAll } from '../connections/describe-all.ts';
import { scheduleOf } from '../schedule/timing.ts';
import { isEditable } from '../settings.ts';
import type { Document, DocumentedConnection } from './document.ts';

interface CurrentDeps {
  pool: Pool;
  settings: { intervalSeconds: number };
}

/** What there is: the document, and the rows that it was made of. */
export interface Current {
  document: Document;
  connections: Connection[];
  channels: StoredChannel[];
}

/** Everything that people have set, as a document would say it. */
export async function readCurrent(deps: CurrentDeps): Promise<Current> {
  const [connections, channels, stored] = await Promise.all([
    describeAll(deps),
    listChannels(deps.pool),
    listStoredSettings(deps.pool),
  ]);
  const document: Document = {
    settings: Object.fromEntries(stored.filter(({ name }) => isEditable(name)).map(({ name, value }) => [name, value])),
    connections: Object.fromEntries(
      connections.map((connection) => [connection.name, documented(connection, deps.settings.intervalSeconds)]),
    ),
    alerts: Object.fromEntries(
      channels.map(({ id, name, kind, kinds, isEnabled }) => [
        name,
        { kind, kinds, isEnabled, target: { env: variable('ALERT', id, name) } },
      ]),
    ),
  };
  return { document, connections, channels };
}

function documented(connection: Connection, intervalSeconds: number): DocumentedConnection {
  const { name, source, origin, selection, targetSchema } = connection;
  const locked = new Set(connection.locked.map(({ setting }) => setting));
  const secrets = Object.fromEntries(
    connection.secrets
      .filter((secret) => !locked.has(secret.name))
      .map((secret) => [secret.name, { env: variable(name, secret.name) }]),
  );
  const schedule = documentedSchedule(connection, intervalSeconds);
  if (origin === 'page')
    return { source, settings: connection.settings, secrets, selection, targetSchema, ...schedule };
  const settings = Object.fromEntries(Object.entries(connection.settings).filter(([setting]) => !locked.has(setting)));
  return { source, madeBy: 'variables', settings, secrets, ...schedule };
}

/** Nothing for a schedule that is the default in every part. */
function documentedSchedule({ schedule: { origin, timing, ...rest } }: Connection, intervalSeconds: number) {
  const { origin: _, timing: __, ...byDefault } = scheduleOf(null, intervalSeconds);
  if (origin !== 'default') return { schedule: { timing, ...rest } };
  return JSON.stringify(rest) === JSON.stringify(byDefault) ? {} : { schedule: { timing: null, ...rest } };
}

const variable = (...parts: string[]): string =>
  parts
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_');
