import type { Selection } from '@pipeline/contracts/api';
import type { Pool, PoolClient, Queryable } from '@pipeline/postgres';

/** A value as JSON spells it. */
type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/** A source's account as it is read. */
export interface StoredConnection {
  name: string;
  source: string;
  origin: 'environment' | 'page';
  settings: Record<string, JsonValue>;
  /** Setting to the variable that sets it. */
  locked: Record<string, string>;
  /** Setting to the instant at which its secret was set. */
  secrets: Record<string, string>;
  /** JSON of setting to secret, encrypted under {@link connectionSecretName}. Null: it has none. */
  sealed: Buffer | null;
  keyId: string | null;
  selection: Selection;
  targetSchema: string;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

/** The name under which a connection's secrets are encrypted. */
export const connectionSecretName = (connection: string): string => `connection/${connection}`;

const COLUMNS = `name, source, origin, settings, locked, secrets, sealed, key_id as "keyId", selection, target_schema as "targetSchema",
                 revision, created_at as "createdAt", updated_at as "updatedAt"`;

/** The connections of a source, or all of them, by name. A tap asks again every few seconds and compares `revision`. */
export async function listConnections(db: Queryable, source?: string): Promise<StoredConnection[]> {
  const { rows } = await db.query<StoredConnection>(
    `select ${COLUMNS} from pipeline.connections
     where removed_at is null and ($1::text is null or source = $1) order by connections.name`,
    [source ?? null],
  );
  return rows;
}

export async function readConnection(db: Queryable, name: string): Promise<StoredConnection | undefined> {
  const { rows } = await db.query<StoredConnection>(
    `select ${COLUMNS} from pipeline.connections where name = $1 and removed_at is null`,
    [name],
  );
  return rows[0];
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
  await db.query(
    `insert into pipeline.connections as c (name, source, origin, settings, locked, secrets, selection, target_schema)
     values ($1, $2, 'environment', $3, $4, (select coalesce(jsonb_object_agg(s, to_jsonb(clock_timestamp())), '{}') from unnest($5::text[]) s), $6, $7)
     on conflict (name) do update
     set origin = 'environment', settings = c.settings || excluded.settings, locked = excluded.locked, secrets = excluded.secrets || c.secrets,
         selection = excluded.selection, removed_at = null, revision = c.revision + 1, updated_at = clock_timestamp()
     where c.origin <> 'environment' or c.removed_at is not null or c.locked <> excluded.locked or c.selection <> excluded.selection
        or c.settings || excluded.settings <> c.settings`,
    [
      connection.name,
      connection.source,
      JSON.stringify(connection.settings),
      JSON.stringify(connection.locked),
      connection.secrets,
      JSON.stringify(connection.selection),
      connection.targetSchema,
    ],
  );
}

/** Secrets of a connection, encrypted, with the instants at which each was set. */
export interface SealedSecrets {
  sealed: Buffer;
  keyId: string;
  secrets: Record<string, string>;
}

export interface ConnectionDraft {
  name: string;
  source: string;
  settings: Record<string, JsonValue>;
  secrets: SealedSecrets | null;
  selection: Selection;
  targetSchema: string;
}

/** Saves a new connection. False: there is, or was, one of this name: its history must not mix with another account's. */
export async function insertConnection(client: PoolClient, draft: ConnectionDraft): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into pipeline.connections (name, source, origin, settings, secrets, sealed, key_id, selection, target_schema)
     values ($1, $2, 'page', $3, $4, $5, $6, $7, $8) on conflict (name) do nothing`,
    [
      draft.name,
      draft.source,
      JSON.stringify(draft.settings),
      JSON.stringify(draft.secrets?.secrets ?? {}),
      draft.secrets?.sealed ?? null,
      draft.secrets?.keyId ?? null,
      JSON.stringify(draft.selection),
      draft.targetSchema,
    ],
  );
  return rowCount === 1;
}

/** Replaces what is saved of a connection. False: it has another revision by now. */
export async function updateConnection(
  client: PoolClient,
  draft: Omit<ConnectionDraft, 'source'> & { revision: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update pipeline.connections
     set settings = $3, secrets = $4, sealed = $5, key_id = $6, selection = $7, target_schema = $8, revision = revision + 1,
         updated_at = clock_timestamp()
     where name = $1 and revision = $2 and removed_at is null`,
    [
      draft.name,
      draft.revision,
      JSON.stringify(draft.settings),
      JSON.stringify(draft.secrets?.secrets ?? {}),
      draft.secrets?.sealed ?? null,
      draft.secrets?.keyId ?? null,
      JSON.stringify(draft.selection),
      draft.targetSchema,
    ],
  );
  return rowCount === 1;
}

/** Takes a connection away; its secrets go at once, its history stays. */
export async function removeConnection(client: PoolClient, name: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update pipeline.connections
     set removed_at = clock_timestamp(), sealed = null, key_id = null, secrets = '{}', revision = revision + 1, updated_at = clock_timestamp()
     where name = $1 and removed_at is null`,
    [name],
  );
  return rowCount === 1;
}

/** The database schema that takes a pipeline's tables: its connection's, or its source's own name. */
export async function targetSchemaOf(db: Pool | Queryable, pipeline: string): Promise<string | undefined> {
  const { rows } = await db.query<{ schema: string }>(
    `select coalesce(c.target_schema, p.source) as schema
     from pipeline.pipelines p left join pipeline.connections c on c.name = p.connection where p.name = $1`,
    [pipeline],
  );
  return rows[0]?.schema;
}
