import type { PoolClient, Queryable, RowOf } from '@pipeline/postgres';
import type { JsonValue, Selection } from '@pipeline/protocol/api';
import * as statements from './connections.sql.ts';

/** A source's account as it is read. */
export type StoredConnection = RowOf<typeof statements.selectConnection>;

/** The name under which a connection's secrets are encrypted. */
export const connectionSecretName = (connection: string): string => `connection/${connection}`;

/** The connections of a source, or all of them, by name. A tap asks again every few seconds and compares `revision`. */
export async function listConnections(db: Queryable, source?: string): Promise<StoredConnection[]> {
  return statements.selectConnections.all(db, { source: source ?? null });
}

/** A connection by its name. Undefined: there is none, or it was removed. */
export async function readConnection(db: Queryable, name: string): Promise<StoredConnection | undefined> {
  return statements.selectConnection.first(db, { name });
}

/** The connection that variables and config.yml make, as its tap has read them. Never a secret: `secrets` names those that are set. What the
 *  page has saved for it stays beneath. */
export async function registerEnvironmentConnection(
  db: Queryable,
  connection: {
    name: string;
    source: string;
    settings: Record<string, JsonValue>;
    locked: Record<string, string>;
    secrets: string[];
    selection: Selection;
    targetSchema: string;
  },
): Promise<void> {
  await statements.upsertEnvironmentConnection.run(db, connection);
}

/** Secrets of a connection, encrypted, with the instants at which each was set. */
export interface EncryptedSecrets {
  sealed: Buffer;
  keyId: string;
  secrets: Record<string, string>;
}

export interface ConnectionDraft {
  name: string;
  source: string;
  settings: Record<string, JsonValue>;
  secrets: EncryptedSecrets | null;
  selection: Selection;
  targetSchema: string;
}

/** Saves a new connection. False: there is, or was, one of this name: its history must not mix with another account's. */
export async function insertConnection(client: PoolClient, draft: ConnectionDraft): Promise<boolean> {
  return (await statements.insertConnection.run(client, { source: draft.source, ...saved(draft) })) === 1;
}

/** Replaces what is saved of a connection. False: it has another revision by now. */
export async function updateConnection(
  client: PoolClient,
  draft: Omit<ConnectionDraft, 'source'> & { revision: number },
): Promise<boolean> {
  return (await statements.updateConnection.run(client, { revision: draft.revision, ...saved(draft) })) === 1;
}

function saved({ name, settings, secrets, selection, targetSchema }: Omit<ConnectionDraft, 'source'>) {
  return {
    ...{ name, settings, selection, targetSchema },
    secrets: JSON.stringify(secrets?.secrets ?? {}),
    sealed: secrets?.sealed ?? null,
    keyId: secrets?.keyId ?? null,
  };
}

/** Takes a connection away; its secrets go at once, its history stays. */
export async function removeConnection(client: PoolClient, name: string): Promise<boolean> {
  return (await statements.removeConnection.run(client, { name })) === 1;
}
