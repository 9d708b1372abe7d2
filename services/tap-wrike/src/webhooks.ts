import type { Webhooks } from '@pipeline/tap-kit';

/** Signed with the secret that the webhook was made with. https://developers.wrike.com/docs/webhooks */
export const webhooks: Webhooks = {
  header: 'x-hook-secret',
  encoding: 'hex',
  signs: ['body'],
  handshake: { requestType: 'WebHook secret verification' },
};
