import {
  connectionSecretName,
  consentSecretName,
  dropTables,
  type EncryptionKey,
  endConsent,
  insertConnection,
  insertPipeline,
  operate,
  readConnection,
  readConsent,
  readSource,
  refusal,
  type StoredConnection,
  saveSchedule,
  updateConnection,
} from '@pipeline/control';
import type { Pool, PoolClient, Queryable } from '@pipeline/postgres';
import { pipelineName } from '@pipeline/protocol';
import type { ConnectionChange, NewConnection } from '@pipeline/protocol/api';
import { decryptValue, encryptValue, Secrets } from '../access/encryption.ts';
import { toSchedule } from '../schedule/timing.ts';
import type { LiveSettings } from '../settings.ts';

export interface SaveDeps {
  pool: Pool;
  key: EncryptionKey | undefined;
  settings: Pick<LiveSettings, 'intervalSeconds'>;
}

/** Makes a connection with its pipeline. @throws PipelineError `UNKNOWN_SOURCE`, `CONNECTION_EXISTS`, `CREDENTIALS_KEY_MISSING`, `SCHEDULE_INVALID` */
export async function createConnection(deps: SaveDeps, draft: NewConnection, actor: string): Promise<void> {
  const { name, source } = draft;
  if ((await readSource(deps.pool, source)) === undefined)
    throw refusal('UNKNOWN_SOURCE', `no tap of ${source} has registered`);
  const schedule = draft.schedule === undefined ? null : toSchedule(draft.schedule, deps.settings.intervalSeconds);
  const details = {
    source,
    settings: draft.settings,
    secrets: Object.keys(draft.secrets),
    selection: draft.selection,
    schedule,
  };
  await operate(deps.pool, { actor, action: 'create-connection', target: name, details }, async (client) => {
    const given = { ...draft.secrets, ...(await consentSecrets(deps, client, draft.consentId, source)) };
    const isNew = await insertConnection(client, {
      ...{ name, source, settings: draft.settings, selection: draft.selection },
      secrets: encryptSecrets(deps, name, given, {}),
      targetSchema: draft.targetSchema ?? name,
    });
    if (!isNew) throw refusal('CONNECTION_EXISTS', `there is, or was, a connection ${name}`);
    await insertPipeline(client, { name: pipelineName(name), source, schedule });
  });
}

/** Changes a connection. @throws PipelineError `UNKNOWN_CONNECTION`, `REVISION_DIFFERS`, `CONNECTION_LOCKED` */
export async function changeConnection(
  deps: SaveDeps,
  name: string,
  change: ConnectionChange,
  actor: string,
): Promise<void> {
  const stored = await knownConnection(deps.pool, name);
  checkLocked(stored, change);
  const merged = Object.entries({ ...stored.settings, ...change.settings });
  const settings = Object.fromEntries(merged.filter(([, value]) => value !== null));
  const details = {
    settings: change.settings ?? {},
    secrets: Object.keys(change.secrets ?? {}),
    selection: change.selection ?? null,
    schedule: change.schedule ?? null,
    dropTables: change.dropTables,
  };
  await operate(deps.pool, { actor, action: 'change-connection', target: name, details }, async (client) => {
    const granted = await consentSecrets(deps, client, change.consentId, stored.source);
    const isSaved = await updateConnection(client, {
      ...{ name, settings, revision: change.revision },
      secrets: changedSecrets(deps, stored, { ...change.secrets, ...granted }),
      selection: change.selection ?? stored.selection,
      targetSchema: change.targetSchema ?? stored.targetSchema,
    });
    if (!isSaved) throw refusal('REVISION_DIFFERS', `${name} was changed by somebody else meanwhile`);
    if (change.schedule !== undefined)
      await saveSchedule(client, pipelineName(name), toSchedule(change.schedule, deps.settings.intervalSeconds));
    if (change.dropTables.length > 0) await dropTables(client, stored.targetSchema, change.dropTables);
  });
}

/** @throws PipelineError `UNKNOWN_CONNECTION` */
export async function knownConnection(db: Queryable, name: string): Promise<StoredConnection> {
  const stored = await readConnection(db, name);
  if (stored === undefined) throw refusal('UNKNOWN_CONNECTION', `there is no connection ${name}`);
  return stored;
}

function checkLocked(stored: StoredConnection, change: ConnectionChange): void {
  const touched = [...Object.keys(change.settings ?? {}), ...Object.keys(change.secrets ?? {})];
  const locked = touched.find((setting) => stored.locked[setting] !== undefined);
  if (locked !== undefined)
    throw refusal('CONNECTION_LOCKED', `${locked} is set by the variable ${stored.locked[locked]}`);
  if (stored.origin === 'environment' && (change.selection !== undefined || change.targetSchema !== undefined)) {
    throw refusal('CONNECTION_LOCKED', `streams and schema of ${stored.name} are those of its config.yml`);
  }
}

function changedSecrets(deps: SaveDeps, stored: StoredConnection, change: Record<string, string | null>) {
  const current =
    stored.sealed === null ? {} : decryptValue(deps.key, connectionSecretName(stored.name), stored.sealed, Secrets);
  const next = Object.fromEntries(
    Object.entries({ ...current, ...change }).filter(([, value]) => value !== null),
  ) as Record<string, string>;
  const kept = Object.fromEntries(Object.entries(stored.secrets).filter(([secret]) => !(secret in change)));
  return encryptSecrets(deps, stored.name, next, kept);
}

function encryptSecrets(
  { key }: SaveDeps,
  name: string,
  secrets: Record<string, string>,
  setAt: Record<string, string>,
) {
  if (Object.keys(secrets).length === 0) return null;
  const now = new Date().toISOString();
  const instants = Object.fromEntries(Object.keys(secrets).map((secret) => [secret, setAt[secret] ?? now]));
  return { ...encryptValue(key, connectionSecretName(name), secrets), secrets: instants };
}

/** The tokens that a consent brought, once. */
async function consentSecrets(
  { key }: SaveDeps,
  client: PoolClient,
  consentId: string | undefined,
  source: string,
): Promise<Record<string, string>> {
  if (consentId === undefined) return {};
  const consent = await readConsent(client, consentId);
  if (consent === undefined || consent.source !== source || consent.status !== 'granted') {
    throw refusal('CONSENT_EXPIRED', 'this consent was not given, or is used already');
  }
  await endConsent(client, consentId, { status: 'used', message: null, sealed: null });
  return decryptValue(key, consentSecretName(consentId), consent.sealed, Secrets);
}
