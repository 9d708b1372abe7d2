import type { Request, RequestHandler } from 'express';

/** The data centre in which the account lives. */
export const ACCOUNT_HOST = 'app-eu.wrike.com';
/** An account asked here responds with 401 when it lives elsewhere; the other data centres respond with 300. */
export const MAIN_HOST = 'www.wrike.com';
/** Consent page and tokens. */
export const LOGIN_HOST = 'login.wrike.com';

const WRIKE_HOST = /^(?:[a-z0-9-]+\.)*wrike\.com$/i;
const HOST_IN_PATH = /^\/((?:[a-z0-9-]+\.)*wrike\.com)(?=\/|$)/i;
const asked = new WeakMap<Request, { host: string; prefix: string }>();

/** Hosts of Wrike behind one port: `http://127.0.0.1:4030/login.wrike.com/oauth2/token` is asked of that host. Without a host in the path
 *  (or in the `Host` header) the sandbox is every host at once. */
export function hostInPath(): RequestHandler {
  return (request, _response, next) => {
    const [prefix = '', host] = HOST_IN_PATH.exec(request.url) ?? [];
    if (host !== undefined) {
      asked.set(request, { host: host.toLowerCase(), prefix });
      request.url = request.url.slice(prefix.length) || '/';
    }
    next();
  };
}

/** The host of Wrike that is asked, or undefined when the request names none. */
export function askedHost(request: Request): string | undefined {
  const host = asked.get(request)?.host ?? request.hostname;
  return WRIKE_HOST.test(host) ? host : undefined;
}

/** The `host` of a token response: where the account's API is found from where the client came. */
export function apiHost(request: Request): string {
  const host = request.get('host') ?? ACCOUNT_HOST;
  if (asked.has(request)) return `${host}/${ACCOUNT_HOST}`;
  return WRIKE_HOST.test(request.hostname) ? ACCOUNT_HOST : host;
}

/** Path to a page of the host that was asked. */
export function pathOnHost(request: Request, path: string): string {
  return `${asked.get(request)?.prefix ?? ''}${path}`;
}
