import { z } from 'zod';

const OAUTH = ['client_id', 'client_secret', 'refresh_token'] as const;

/** Settings of the tap: a permanent token, or the three of an OAuth app. */
export const Settings = z
  .object({
    token: z
      .string()
      .min(1)
      .optional()
      .meta({ secret: true })
      .describe('Permanent access token, from Apps & Integrations > API. It does not expire.'),
    client_id: z.string().min(1).optional().describe('OAuth client id, instead of a permanent token.'),
    client_secret: z.string().min(1).optional().meta({ secret: true }).describe('OAuth client secret.'),
    refresh_token: z
      .string()
      .min(1)
      .optional()
      .meta({ secret: true })
      .describe('First OAuth refresh token. Each use gives a new one, which is kept encrypted.'),
    base_url: z
      .url({ protocol: /^https?$/ })
      .default('https://www.wrike.com')
      .describe("Address of the account's data centre: https://www.wrike.com, https://app-eu.wrike.com, ..."),
    lookback_seconds: z.coerce
      .number()
      .int()
      .min(1)
      .max(86_400)
      .default(300)
      .describe('An incremental read begins this long before the last one: covers clocks that disagree.'),
  })
  .superRefine((settings, context) => {
    if (settings.token !== undefined) return;
    const isOAuth = OAUTH.some((name) => settings[name] !== undefined);
    const missing = isOAuth ? OAUTH.filter((name) => settings[name] === undefined) : (['token'] as const);
    for (const name of missing) context.addIssue({ code: 'custom', path: [name], message: 'not set' });
  });
export type Settings = z.infer<typeof Settings>;
