import { z } from 'zod';

/** Settings of tap-hubspot. */
export const HubspotSettings = z.object({
  access_token: z
    .string()
    .min(1)
    .describe('Token of a private app, or a service key, with the read scopes of the selected streams.'),
  base_url: z.url().default('https://api.hubapi.com').describe('Address of the API.'),
  lookback_minutes: z
    .number()
    .min(0)
    .max(10_080)
    .default(60)
    .describe(
      'Every read reaches back this far before the last one began: the search index sometimes learns of a change late.',
    ),
  associations_refresh_minutes: z
    .number()
    .min(0)
    .optional()
    .describe(
      'Longest time between two readings of all associations, which change without a sign. Default: every read for up to 9,000 deals, more seldom for more.',
    ),
  requests_per_10_seconds: z
    .int()
    .min(1)
    .max(1_000)
    .default(90)
    .describe(
      'Most requests in 10 seconds, searches apart. A private app may make 100, or 190 from the Professional plan on.',
    ),
});
export type HubspotSettings = z.infer<typeof HubspotSettings>;
