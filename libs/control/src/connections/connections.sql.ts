import { sql, statement } from '@pipeline/postgres';
import type { JsonValue, Selection } from '@pipeline/protocol/api';

const { bytea, int4, jsonb, nullable, oneOf, text, texts, timestamptz } = sql;

const COLUMNS = `name, source, origin, settings, locked, secrets, sealed, key_id as "keyId", selection, target_schema as "targetSchema",
                 revision, created_at as "createdAt", updated_at as "updatedAt"`;

const ROW = {
  name: text,
  source: text,
  origin: oneOf(['environment', 'page']),
  settings: jsonb<Record<string, JsonValue>>(),
  // Setting to the variable that sets it.
  locked: jsonb<Record<string, string>>(),
  // Setting to the instant at which its secret was set.
  secrets: jsonb<Record<string, string>>(),
  // JSON of setting to secret, encrypted. Null: it has none.
  sealed: nullable(bytea),
  keyId: nullable(text),
  selection: jsonb<Selection>(),
  targetSchema: text,
  revision: int4,
  createdAt: timestamptz,
  updatedAt: timestamptz,
};

export const selectConnections = statement({
  name: 'connection.select_connections',
  text: `select ${COLUMNS} from pipeline.connections
         where removed_at is null and ($1::text is null or source = $1) order by connections.name`,
  parameters: { source: nullable(text) },
  row: ROW,
});

export const selectConnection = statement({
  name: 'connection.select_connection',
  text: `select ${COLUMNS} from pipeline.connections where name = $1 and removed_at is null`,
  parameters: { name: text },
  row: ROW,
});

export const upsertEnvironmentConnection = statement({
  name: 'connection.upsert_environment_connection',
  text: `insert into pipeline.connections as c (name, source, origin, settings, locked, secrets, selection, target_schema)
         values ($1, $2, 'environment', $3, $4, (select coalesce(jsonb_object_agg(s, to_jsonb(clock_timestamp())), '{}') from unnest($5::text[]) s), $6, $7)
         on conflict (name) do update
         set origin = 'environment', settings = c.settings || excluded.settings, locked = excluded.locked, secrets = excluded.secrets || c.secrets,
             selection = excluded.selection, removed_at = null, revision = c.revision + 1, updated_at = clock_timestamp()
         where c.origin <> 'environment' or c.removed_at is not null or c.locked <> excluded.locked or c.selection <> excluded.selection
            or c.settings || excluded.settings <> c.settings`,
  parameters: {
    name: text,
    source: text,
    settings: jsonb(),
    locked: jsonb(),
    secrets: texts,
    selection: jsonb(),
    targetSchema: text,
  },
});

export const insertConnection = statement({
  name: 'connection.insert_connection',
  text: `insert into pipeline.connections (name, source, origin, settings, secrets, sealed, key_id, selection, target_schema)
         values ($1, $2, 'page', $3, $4, $5, $6, $7, $8) on conflict (name) do nothing`,
  parameters: {
    name: text,
    source: text,
    settings: jsonb(),
    secrets: jsonb(),
    sealed: nullable(bytea),
    keyId: nullable(text),
    selection: jsonb(),
    targetSchema: text,
  },
});

export const updateConnection = statement({
  name: 'connection.update_connection',
  text: `update pipeline.connections
         set settings = $3, secrets = $4, sealed = $5, key_id = $6, selection = $7, target_schema = $8, revision = revision + 1,
             updated_at = clock_timestamp()
         where name = $1 and revision = $2 and removed_at is null`,
  parameters: {
    name: text,
    revision: int4,
    settings: jsonb(),
    secrets: jsonb(),
    sealed: nullable(bytea),
    keyId: nullable(text),
    selection: jsonb(),
    targetSchema: text,
  },
});

export const removeConnection = statement({
  name: 'connection.remove_connection',
  text: `update pipeline.connections
         set removed_at = clock_timestamp(), sealed = null, key_id = null, secrets = '{}', revision = revision + 1, updated_at = clock_timestamp()
         where name = $1 and removed_at is null`,
  parameters: { name: text },
});
