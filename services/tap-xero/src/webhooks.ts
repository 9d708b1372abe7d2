import type { Webhooks } from '@pipeline/tap-kit';

/** The intent to receive is a signed body without events, and signed wrongly several times on purpose: 200 or 401, nothing else.
 *  https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/ */
export const webhooks: Webhooks = {
  header: 'x-xero-signature',
  encoding: 'base64',
  signs: ['body'],
  eventsProperty: 'events',
};
