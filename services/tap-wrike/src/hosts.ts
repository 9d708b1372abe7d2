const WRIKE_HOST = /^(?:[a-z0-9-]+\.)*wrike\.com$/i;
const LOGIN_URL = 'https://login.wrike.com';

/** Hosts that requests may go to besides the one configured. */
export const WRIKE_HOSTS = ['*.wrike.com'];

/** The settings that say where the source is. */
export interface HostSettings {
  base_url: string;
  data_centres: string;
  login_url?: string | undefined;
  allow_other_host: boolean;
}

/** Whether a token may be sent there: https, and a host of Wrike. */
export function isWrikeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port } = new URL(address);
  return protocol === 'https:' && port === '' && WRIKE_HOST.test(hostname);
}

/** Address of the API at a data centre, however much of it an operator wrote. */
export function apiUrl(address: string): string {
  return `${address
    .trim()
    .replace(/\/+$/, '')
    .replace(/\/api\/v4$/, '')}/api/v4`;
}

/** Where consent is asked for and tokens are exchanged. The endpoint of each data centre was switched off in May 2026.
 *  Source: https://developers.wrike.com/docs/oauth-20-authorization */
export function loginUrl(settings: Pick<HostSettings, 'login_url' | 'allow_other_host' | 'base_url'>): string {
  const { login_url: configured, allow_other_host: isSandbox, base_url: base } = settings;
  const address = configured ?? (isSandbox && !isWrikeAddress(base) ? base : LOGIN_URL);
  return address.replace(/\/+$/, '');
}

/** Addresses of the API in the order in which a permanent token is tried. */
export function apiUrlsToTry({
  base_url: base,
  data_centres: others,
}: Pick<HostSettings, 'base_url' | 'data_centres'>): string[] {
  return [...new Set([base, ...others.split(',')].map(apiUrl))];
}

/** The API's address out of the `host` of a token response.
 *  @returns undefined for a host that is not Wrike's: no token goes there. */
export function apiUrlOfHost(
  host: unknown,
  settings: Pick<HostSettings, 'allow_other_host' | 'base_url'>,
): string | undefined {
  if (typeof host !== 'string' || host === '') return undefined;
  if (WRIKE_HOST.test(host)) return apiUrl(`https://${host}`);
  if (!settings.allow_other_host) return undefined;
  const address = `${new URL(settings.base_url).protocol}//${host}`;
  return URL.canParse(address) ? apiUrl(address) : undefined;
}
