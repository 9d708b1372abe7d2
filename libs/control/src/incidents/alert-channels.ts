import type { Queryable, RowOf } from '@pipeline/postgres';
import * as statements from './alert-channels.sql.ts';

export type StoredChannel = RowOf<typeof statements.selectChannels>;

/** The name under which a channel's address is encrypted. It does not change with the channel's own. */
export const CHANNEL_SECRET_NAME = 'alert-channel';

/** All channels, those that are switched off too. Addresses stay encrypted. */
export async function listChannels(db: Queryable): Promise<StoredChannel[]> {
  return statements.selectChannels.all(db);
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

/** Returns the channel as it is kept. Undefined: the name is taken. */
export async function insertChannel(db: Queryable, draft: ChannelDraft): Promise<StoredChannel | undefined> {
  return statements.insertChannel.first(db, draft);
}

/** Changes a channel; what is undefined stays. */
export async function updateChannel(
  db: Queryable,
  id: string,
  change: Partial<ChannelDraft>,
): Promise<StoredChannel | undefined> {
  return statements.updateChannel.first(db, {
    id,
    name: change.name ?? null,
    kind: change.kind ?? null,
    kinds: change.kinds ?? null,
    isEnabled: change.isEnabled ?? null,
    sealed: change.sealed ?? null,
    keyId: change.keyId ?? null,
    display: change.display ?? null,
  });
}

/** Returns whether there was such a channel. */
export async function deleteChannel(db: Queryable, id: string): Promise<boolean> {
  return (await statements.deleteChannel.run(db, { id })) === 1;
}

/** Notes that a channel was used, and whether it worked. */
export async function noteChannel(db: Queryable, id: string, error: string | null): Promise<void> {
  await statements.noteChannel.run(db, { id, error });
}
