import { PipelineError } from '@pipeline/contracts';
import type { HttpPolicy } from '../http-policy.ts';

/** The address of a request, a redirect or a next-page link. All of them come from outside in part, so each must stay on
 *  the scheme and on one of the hosts that the policy names: a link in an answer cannot send the token elsewhere.
 *  @throws PipelineError `SOURCE_ADDRESS_REFUSED` */
export function allowedAddress(policy: Pick<HttpPolicy, 'baseUrl' | 'otherHosts'>, path: string): URL {
  const base = new URL(policy.baseUrl);
  const url = parse(isAbsolute(path) ? path : joinPath(policy.baseUrl, path));
  const isHost = url.host === base.host || (policy.otherHosts ?? []).includes(url.host);
  if (url.protocol !== base.protocol || !isHost || url.username !== '' || url.password !== '') {
    throw refused(`the address leads to ${url.protocol}//${url.host}, which is not a host of this source`);
  }
  return url;
}

/** The path below `baseUrl`, as limits and errors name it: the same whether a request gave a path or a next-page link. */
export function pathBelow(policy: Pick<HttpPolicy, 'baseUrl'>, url: URL): string {
  const prefix = new URL(policy.baseUrl).pathname.replace(/\/+$/, '');
  return url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : url.pathname;
}

function isAbsolute(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(path);
}

function joinPath(baseUrl: string, path: string): string {
  return `${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

function parse(address: string): URL {
  try {
    return new URL(address);
  } catch {
    throw refused('the address is not a valid URL');
  }
}

function refused(message: string): PipelineError {
  return new PipelineError({ code: 'SOURCE_ADDRESS_REFUSED', recovery: 'fail', message });
}
