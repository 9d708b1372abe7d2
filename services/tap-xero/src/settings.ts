import { z } from 'zod';

/** The scopes that the streams need, in the granular form of apps made since March 2026. */
const SCOPES_DEFAULT =
  'accounting.settings.read accounting.contacts.read accounting.invoices.read accounting.payments.read accounting.banktransactions.read';

export const XeroSettings = z.object({
  client_id: z.string().min(1).describe('Client id of the Xero app'),
  client_secret: z.string().min(1).describe('Client secret of the Xero app'),
  refresh_token: z
    .string()
    .min(1)
    .optional()
    .describe('The first refresh token; newer ones are kept by the tap. Without one the app is a custom connection'),
  scopes: z
    .string()
    .min(1)
    .default(SCOPES_DEFAULT)
    .describe('What a custom connection asks for, separated by spaces. Older apps use accounting.transactions.read'),
  tenant_id: z
    .string()
    .min(1)
    .optional()
    .describe('Id of the organisation to read. Needed only if the app is connected to several'),
  start_date: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Leaves out what was last changed before this instant. By default everything is read'),
  requests_per_day: z.coerce
    .number()
    .int()
    .min(1)
    .default(5_000)
    .describe(
      "Xero's daily limit for the organisation: 1000 on the Starter tier. Lower it to leave calls to other apps",
    ),
  base_url: z.url().default('https://api.xero.com').describe('Address of the API'),
  identity_url: z.url().default('https://identity.xero.com').describe('Address of the token endpoint'),
});
export type XeroSettings = z.infer<typeof XeroSettings>;
