import type { AlertChannel } from '@pipeline/contracts/api';
import {
  CHANNEL_SECRET_NAME,
  deleteChannel,
  insertChannel,
  listChannels,
  operate,
  refusal,
  type StoredChannel,
  updateChannel,
} from '@pipeline/control';
import { encryptValue } from '../../access/encryption.ts';
import { testMessage } from '../../alerts/message.ts';
import { sendTo } from '../../alerts/send.ts';
import type { ApiDeps } from '../deps.ts';
import { RequestError } from '../http/errors.ts';
import type { Handlers } from '../http/handler.ts';

type Names =
  | 'listAlertChannels'
  | 'createAlertChannel'
  | 'changeAlertChannel'
  | 'removeAlertChannel'
  | 'testAlertChannel';

/** Where alerts go. */
export function alertChannelHandlers(deps: ApiDeps): Handlers<Names> {
  const { pool, key } = deps;
  return {
    listAlertChannels: async () => {
      const items = (await listChannels(pool)).map(describe);
      return { items, nextCursor: null, total: items.length };
    },
    createAlertChannel: async ({ body }, { actor }) => {
      const { target, ...draft } = body;
      const sealed = encryptValue(key, CHANNEL_SECRET_NAME, { target: fitting(draft.kind, target) });
      const entry = {
        actor,
        action: 'create-alert-channel',
        target: draft.name,
        details: { kind: draft.kind, to: displayOf(target) },
      };
      const stored = await operate(pool, entry, (client) =>
        insertChannel(client, { ...draft, ...sealed, display: displayOf(target) }),
      );
      if (stored === undefined) throw refusal('CHANNEL_EXISTS', `there is a channel ${draft.name} already`);
      return describe(stored);
    },
    changeAlertChannel: async ({ params, body }, { actor }) => {
      const { target, ...change } = body;
      const secret =
        target === undefined
          ? {}
          : { ...encryptValue(key, CHANNEL_SECRET_NAME, { target }), display: displayOf(target) };
      const entry = { actor, action: 'change-alert-channel', target: params.id, details: change };
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const stored = await operate(pool, entry, (client) => updateChannel(client, params.id, { ...given, ...secret }));
      if (stored === undefined) throw unknown(params.id);
      return describe(stored);
    },
    removeAlertChannel: async ({ params }, { actor }) => {
      await operate(pool, { actor, action: 'remove-alert-channel', target: params.id, details: {} }, async (client) => {
        if (!(await deleteChannel(client, params.id))) throw unknown(params.id);
      });
      return {};
    },
    testAlertChannel: async ({ params }) => {
      const channel = (await listChannels(pool)).find(({ id }) => id === params.id);
      if (channel === undefined) throw unknown(params.id);
      const error = await sendTo(deps, channel, testMessage());
      return { isSent: error === null, message: error ?? `a test message was sent to ${channel.display}` };
    },
  };
}

const unknown = (id: string) => refusal('UNKNOWN_CHANNEL', `there is no alert channel ${id}`);

function fitting(kind: StoredChannel['kind'], target: string): string {
  if (target.includes('@') && !target.includes('://') === (kind === 'email')) return target;
  if (target.includes('://') && kind !== 'email') return target;
  const message =
    kind === 'email' ? 'target: expected an e-mail address' : 'target: expected an address that begins with https://';
  throw new RequestError({ status: 400, code: 'REQUEST_INVALID', message, fields: [{ path: 'target', message }] });
}

/** An address without what makes it secret. */
function displayOf(target: string): string {
  return target.includes('://') ? `${new URL(target).origin}/…` : target;
}

function describe({ sealed: _, display, lastSentAt, createdAt, ...channel }: StoredChannel): AlertChannel {
  return {
    ...channel,
    target: display,
    lastSentAt: lastSentAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
