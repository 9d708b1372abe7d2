import { z } from 'zod';

/** Versions of the API, newest first. `v3` stands for the older paths: v3, and v4 for associations. */
export const API_VERSIONS = ['2026-09', '2026-03', 'v3'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/** `calls:contacts` or `2-7000001:companies`: two types of objects, by path name or type id. */
const PAIR = /^[a-z0-9_-]+:[a-z0-9_-]+$/;
const Pairs = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((pair) => pair.trim())
      .filter((pair) => pair !== ''),
  )
  .pipe(z.array(z.string().regex(PAIR, 'expected two types, as in `orders:contacts`')));

/** Settings of tap-hubspot. */
export const Settings = z
  .object({
    access_token: z
      .string()
      .min(1)
      .optional()
      .describe('Token of a private app, or a service key, with the read scopes of the selected streams.'),
    client_id: z.string().min(1).optional().describe('OAuth app: its client id. Instead of `access_token`.'),
    client_secret: z.string().min(1).optional().describe('OAuth app: its client secret.'),
    refresh_token: z.string().min(1).optional().describe('OAuth app: the refresh token of the account.'),
    base_url: z.url().default('https://api.hubapi.com').describe('Address of the API.'),
    api_version: z
      .enum(API_VERSIONS)
      .default('2026-09')
      .describe(
        'Version of the API. `v3` calls the older paths (v3, and v4 for associations), which lose support in 2027.',
      ),
    lookback_minutes: z.coerce
      .number()
      .min(0)
      .max(10_080)
      .default(60)
      .describe(
        'Every read reaches back this far before the last one began: the search index sometimes learns of a change late.',
      ),
    associations_refresh_minutes: z.coerce
      .number()
      .min(0)
      .optional()
      .describe(
        'Longest time between two readings of all associations, which change without a sign. Default: as often as `sweep_requests_per_day` allows.',
      ),
    archived_refresh_minutes: z.coerce
      .number()
      .min(0)
      .optional()
      .describe(
        'Longest time between two readings of the archived records, which tell what was deleted. Default: as often as `sweep_requests_per_day` allows.',
      ),
    calculated_refresh_minutes: z.coerce
      .number()
      .min(0)
      .optional()
      .describe(
        'Longest time between two readings of all calculated properties, which change without a sign. Default: as often as a third of `sweep_requests_per_day` allows.',
      ),
    sweep_requests_per_day: z.coerce
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(3_000)
      .describe(
        'Requests a day that reading all archived records of one type may take, as many for all associations of one type, and a third as many for its calculated properties.',
      ),
    property_history: z
      .record(z.string(), z.array(z.string().min(1)))
      .default({})
      .describe(
        'Properties whose former values are read, by type: `{"deals": ["amount"]}`. Stages of every type with pipelines are always among them.',
      ),
    association_pairs: Pairs.optional().describe(
      'Further associations to read, as pairs of types: `orders:contacts,2-7000001:deals`. Each becomes a stream.',
    ),
    requests_per_10_seconds: z.coerce
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(90)
      .describe(
        'Most requests in 10 seconds, searches apart. A private app may make 100, or 190 from the Professional plan on.',
      ),
    requests_per_day: z.coerce
      .number()
      .int()
      .min(1)
      .default(250_000)
      .describe(
        'Requests that the account may make in a day: 250,000, 650,000 (Professional) or 1,000,000 (Enterprise).',
      ),
    daily_budget_fraction: z.coerce
      .number()
      .gt(0)
      .max(1)
      .default(0.9)
      .describe('Share of the daily limit that this tap may use; the rest is left to other apps.'),
  })
  .superRefine((settings, context) => {
    const oauth = [settings.client_id, settings.client_secret, settings.refresh_token];
    const hasOauth = oauth.every((value) => value !== undefined);
    if (settings.access_token !== undefined || hasOauth) return;
    const message = 'expected an access token, or client_id, client_secret and refresh_token of an OAuth app';
    context.addIssue({ code: 'custom', path: ['access_token'], message });
  });
export type Settings = z.infer<typeof Settings>;
