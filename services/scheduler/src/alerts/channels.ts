import {
  CHANNEL_SECRET_NAME,
  deleteChannel,
  type EncryptionKey,
  insertChannel,
  listChannels,
  operate,
  refusal,
  type StoredChannel,
  updateChannel,
} from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { AlertChannelChange, NewAlertChannel } from '@pipeline/protocol/api';
import type { z } from 'zod';
import { encryptValue } from '../access/encryption.ts';
import { RequestError } from '../api/http/errors.ts';

export interface ChannelDeps {
  pool: Pool;
  key: EncryptionKey | undefined;
}

/** @throws PipelineError `CHANNEL_EXISTS`; RequestError when the address does not fit its kind */
export async function addChannel(
  { pool, key }: ChannelDeps,
  { target, ...draft }: z.output<typeof NewAlertChannel>,
  actor: string,
): Promise<StoredChannel> {
  const display = displayOf(target);
  const sealed = encryptValue(key, CHANNEL_SECRET_NAME, { target: fitting(draft.kind, target) });
  const details = { kind: draft.kind, to: display };
  const stored = await operate(pool, { actor, action: 'create-alert-channel', target: draft.name, details }, (client) =>
    insertChannel(client, { ...draft, ...sealed, display }),
  );
  if (stored === undefined) throw refusal('CHANNEL_EXISTS', `there is a channel ${draft.name} already`);
  return stored;
}

/** What is undefined stays. @throws PipelineError `UNKNOWN_CHANNEL`; RequestError when the address does not fit its kind */
export async function alterChannel(
  { pool, key }: ChannelDeps,
  id: string,
  { target, ...change }: z.output<typeof AlertChannelChange>,
  actor: string,
): Promise<StoredChannel> {
  const existing = await knownChannel(pool, id);
  const kind = change.kind ?? existing.kind;
  if (target === undefined && (kind === 'email') !== (existing.kind === 'email')) throw unfitting(kind);
  const sealed = target === undefined ? {} : encryptValue(key, CHANNEL_SECRET_NAME, { target: fitting(kind, target) });
  const display = target === undefined ? {} : { display: displayOf(target) };
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const stored = await operate(pool, { actor, action: 'change-alert-channel', target: id, details: given }, (client) =>
    updateChannel(client, id, { ...given, ...sealed, ...display }),
  );
  if (stored === undefined) throw unknown(id);
  return stored;
}

/** @throws PipelineError `UNKNOWN_CHANNEL` */
export async function dropChannel({ pool }: ChannelDeps, id: string, actor: string): Promise<void> {
  await operate(pool, { actor, action: 'remove-alert-channel', target: id, details: {} }, async (client) => {
    if (!(await deleteChannel(client, id))) throw unknown(id);
  });
}

/** @throws PipelineError `UNKNOWN_CHANNEL` */
export async function knownChannel(pool: Pool, id: string): Promise<StoredChannel> {
  const channel = (await listChannels(pool)).find((each) => each.id === id);
  if (channel === undefined) throw unknown(id);
  return channel;
}

const unknown = (id: string) => refusal('UNKNOWN_CHANNEL', `there is no alert channel ${id}`);

function fitting(kind: StoredChannel['kind'], target: string): string {
  const isAddress = target.includes('://');
  if (kind === 'email' ? target.includes('@') && !isAddress : isAddress) return target;
  throw unfitting(kind);
}

function unfitting(kind: StoredChannel['kind']): RequestError {
  const message = kind === 'email' ? 'expected an e-mail address' : 'expected an address that begins with https://';
  const fields = [{ path: 'target', message }];
  return new RequestError({ status: 400, code: 'REQUEST_INVALID', message: `target: ${message}`, fields });
}

/** An address without what makes it secret. */
function displayOf(target: string): string {
  return target.includes('://') ? `${new URL(target).origin}/…` : target;
}
