import { listChannels, type StoredChannel } from '@pipeline/control';
import type { AlertChannel } from '@pipeline/protocol/api';
import { addChannel, alterChannel, dropChannel, knownChannel } from '../../alerts/channels.ts';
import { testMessage } from '../../alerts/message.ts';
import { sendTo } from '../../alerts/send.ts';
import type { ApiDeps } from '../deps.ts';
import type { Handlers } from '../http/handler.ts';

type Names =
  | 'listAlertChannels'
  | 'createAlertChannel'
  | 'changeAlertChannel'
  | 'removeAlertChannel'
  | 'testAlertChannel';

/** Where alerts go. */
export function alertChannelHandlers(deps: ApiDeps): Handlers<Names> {
  return {
    listAlertChannels: async () => {
      const items = (await listChannels(deps.pool)).map(describe);
      return { items, nextCursor: null, total: items.length };
    },
    createAlertChannel: async ({ body }, { actor }) => describe(await addChannel(deps, body, actor)),
    changeAlertChannel: async ({ params, body }, { actor }) =>
      describe(await alterChannel(deps, params.id, body, actor)),
    removeAlertChannel: async ({ params }, { actor }) => {
      await dropChannel(deps, params.id, actor);
      return {};
    },
    testAlertChannel: async ({ params }) => {
      const channel = await knownChannel(deps.pool, params.id);
      const error = await sendTo(deps, channel, testMessage());
      return { isSent: error === null, message: error ?? `a test message was sent to ${channel.display}` };
    },
  };
}

function describe({ sealed: _, display, lastSentAt, createdAt, ...channel }: StoredChannel): AlertChannel {
  return {
    ...channel,
    target: display,
    lastSentAt: lastSentAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
