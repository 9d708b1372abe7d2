import type { Queryable } from '@pipeline/postgres';

export interface StoredChannel {
  id: string;
  name: string;
  kind: 'webhook' | 'slack' | 'email';
  kinds: string[];
  isEnabled: boolean;
  sealed: Buffer;
  display: string;
  lastSentAt: Date | null;
  lastError: string | null;
  createdAt: Date;
}

/** The name under which a channel's address is encrypted. It does not change with the channel's own. */
export const CHANNEL_SECRET_NAME = 'alert-channel';

const COLUMNS = `id::text, name, kind, kinds, is_enabled as "isEnabled", sealed, display, last_sent_at as "lastSentAt", last_error as "lastError",
                 created_at as "createdAt"`;

export async function listChannels(db: Queryable): Promise<StoredChannel[]> {
  const { rows } = await db.query<StoredChannel>(
    `select ${COLUMNS} from pipeline.alert_channels order by alert_channels.id`,
  );
  return rows;
}

export interface ChannelDraft {
  name: string;
  kind: StoredChannel['kind'];
  kinds: string[];
  isEnabled: boolean;
  sealed: Buffer;
  keyId: string;
  display: string;
}

export async function insertChannel(db: Queryable, draft: ChannelDraft): Promise<StoredChannel | undefined> {
  const { rows } = await db.query<StoredChannel>(
    `insert into pipeline.alert_channels (name, kind, kinds, is_enabled, sealed, key_id, display) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (name) do nothing returning ${COLUMNS}`,
    [draft.name, draft.kind, draft.kinds, draft.isEnabled, draft.sealed, draft.keyId, draft.display],
  );
  return rows[0];
}

/** Changes a channel; what is undefined stays. */
export async function updateChannel(
  db: Queryable,
  id: string,
  change: Partial<ChannelDraft>,
): Promise<StoredChannel | undefined> {
  const { rows } = await db.query<StoredChannel>(
    `update pipeline.alert_channels
     set name = coalesce($2, name), kind = coalesce($3, kind), kinds = coalesce($4, kinds), is_enabled = coalesce($5, is_enabled),
         sealed = coalesce($6, sealed), key_id = coalesce($7, key_id), display = coalesce($8, display), last_error = null
     where id = $1 returning ${COLUMNS}`,
    [id, change.name, change.kind, change.kinds, change.isEnabled, change.sealed, change.keyId, change.display].map(
      (value) => value ?? null,
    ),
  );
  return rows[0];
}

export async function deleteChannel(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from pipeline.alert_channels where id = $1', [id]);
  return rowCount === 1;
}

/** Notes that a channel was used, and whether it worked. */
export async function noteChannel(db: Queryable, id: string, error: string | null): Promise<void> {
  await db.query('update pipeline.alert_channels set last_sent_at = clock_timestamp(), last_error = $2 where id = $1', [
    id,
    error,
  ]);
}
