import { z } from 'zod';

/** Hosts that a token may be sent to. */
export const WRIKE_HOST = /^(?:[a-z0-9-]+\.)*wrike\.com$/i;
const OAUTH = ['client_id', 'client_secret', 'refresh_token'] as const;
const REQUESTS_PER_MINUTE = 400;

const address = z.url({ protocol: /^https?$/ });

/** Settings of the tap: a permanent token, or the three of an OAuth app. */
export const Settings = z
  .object({
    token: z
      .string()
      .min(1)
      .optional()
      .describe('Permanent access token, from Apps & Integrations > API. It does not expire.'),
    client_id: z.string().min(1).optional().describe('OAuth client id, instead of a permanent token.'),
    client_secret: z.string().min(1).optional().describe('OAuth client secret.'),
    refresh_token: z
      .string()
      .min(1)
      .optional()
      .describe('First OAuth refresh token. Each use returns a new one, which is kept encrypted.'),
    base_url: address
      .default('https://www.wrike.com')
      .describe(
        "Address of the account's data centre, asked first. A permanent token is tried at the others too, and an OAuth token says where its account lives.",
      ),
    data_centres: z
      .string()
      .default('https://www.wrike.com,https://app-us2.wrike.com,https://app-eu.wrike.com')
      .describe('Addresses at which a permanent token is tried before it is called wrong, separated by commas.'),
    login_url: address
      .optional()
      .describe('Address of consent page and token endpoint. Default: https://login.wrike.com.'),
    allow_other_host: z
      .stringbool()
      .default(false)
      .describe('Accept addresses outside wrike.com: for the sandbox only, since the token is sent there.'),
    start_date: z
      .union(
        [z.iso.datetime({ offset: true }), z.iso.date()],
        'expected an ISO day or instant: 2026-01-31, 2026-01-31T09:00:00Z',
      )
      .optional()
      .describe(
        'Tasks, time logs, comments, attachments, approvals and audit entries older than this day or instant are not read. By default everything is read.',
      ),
    lookback_minutes: z.coerce
      .number()
      .min(0.1)
      .max(1_440)
      .default(5)
      .describe('Every read reaches back this far before the last one began: covers clocks that disagree.'),
    requests_per_minute: z.coerce
      .number()
      .int()
      .min(10)
      .max(REQUESTS_PER_MINUTE)
      .default(REQUESTS_PER_MINUTE)
      .describe(
        "Most requests a minute, over all replicas. 400 is Wrike's limit of one token; less leaves room for others.",
      ),
  })
  .superRefine((settings, context) => {
    const add = (name: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [name], message });
    };
    if (!settings.allow_other_host) {
      const addresses = { base_url: settings.base_url, login_url: settings.login_url };
      for (const [name, value] of Object.entries(addresses)) {
        if (value !== undefined && !isWrikeAddress(value)) add(name, NOT_WRIKE);
      }
      if (!settings.data_centres.split(',').every((one) => isWrikeAddress(one.trim()))) add('data_centres', NOT_WRIKE);
    }
    if (settings.token !== undefined) return;
    const isOAuth = OAUTH.some((name) => settings[name] !== undefined);
    const missing = isOAuth ? OAUTH.filter((name) => settings[name] === undefined) : (['token'] as const);
    for (const name of missing) add(name, 'not set');
  });
export type Settings = z.infer<typeof Settings>;

const NOT_WRIKE =
  'is no https address of wrike.com, and the token would be sent there: correct it, or set allow_other_host for the sandbox';

/** Whether a token may be sent there: https, and a host of Wrike. */
export function isWrikeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port } = new URL(address);
  return protocol === 'https:' && port === '' && WRIKE_HOST.test(hostname);
}
