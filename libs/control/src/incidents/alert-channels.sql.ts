import { sql, statement } from '@pipeline/postgres';

const { bool, bytea, int8, nullable, oneOf, text, texts, timestamptz } = sql;

const COLUMNS = `id::text, name, kind, kinds, is_enabled as "isEnabled", sealed, display, last_sent_at as "lastSentAt", last_error as "lastError",
                 created_at as "createdAt"`;

const ROW = {
  id: text,
  name: text,
  kind: oneOf(['webhook', 'slack', 'email']),
  kinds: texts,
  isEnabled: bool,
  sealed: bytea,
  display: text,
  lastSentAt: nullable(timestamptz),
  lastError: nullable(text),
  createdAt: timestamptz,
};

export const selectChannels = statement({
  name: 'channel.select_channels',
  text: `select ${COLUMNS} from pipeline.alert_channels order by alert_channels.id`,
  row: ROW,
});

export const insertChannel = statement({
  name: 'channel.insert_channel',
  text: `insert into pipeline.alert_channels (name, kind, kinds, is_enabled, sealed, key_id, display) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (name) do nothing returning ${COLUMNS}`,
  parameters: { name: text, kind: text, kinds: texts, isEnabled: bool, sealed: bytea, keyId: text, display: text },
  row: ROW,
});

export const updateChannel = statement({
  name: 'channel.update_channel',
  text: `update pipeline.alert_channels
         set name = coalesce($2, name), kind = coalesce($3, kind), kinds = coalesce($4, kinds), is_enabled = coalesce($5, is_enabled),
             sealed = coalesce($6, sealed), key_id = coalesce($7, key_id), display = coalesce($8, display), last_error = null
         where id = $1 returning ${COLUMNS}`,
  parameters: {
    id: int8,
    name: nullable(text),
    kind: nullable(text),
    kinds: nullable(texts),
    isEnabled: nullable(bool),
    sealed: nullable(bytea),
    keyId: nullable(text),
    display: nullable(text),
  },
  row: ROW,
});

export const deleteChannel = statement({
  name: 'channel.delete_channel',
  text: 'delete from pipeline.alert_channels where id = $1',
  parameters: { id: int8 },
});

export const noteChannel = statement({
  name: 'channel.note_channel',
  text: 'update pipeline.alert_channels set last_sent_at = clock_timestamp(), last_error = $2 where id = $1',
  parameters: { id: int8, error: nullable(text) },
});
