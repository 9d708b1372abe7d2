import type { Webhooks } from '@pipeline/tap-kit';

/** Signature v3, with the client secret of the app.
 *  https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation */
export const webhooks: Webhooks = {
  header: 'x-hubspot-signature-v3',
  encoding: 'base64',
  signs: ['method', 'url', 'body', 'timestamp'],
  decodedEscapes: ['%3A', '%2F', '%3F', '%40', '%21', '%24', '%27', '%28', '%29', '%2A', '%2C', '%3B'],
  timestamp: { header: 'x-hubspot-request-timestamp', ageSecondsMax: 300 },
};
