import { PipelineError } from '@pipeline/protocol';
import type { HttpPolicy } from '../http-policy.ts';

/** The address of a request, a redirect or a next-page link. All of them come from outside in part, so each must stay on
 *  the scheme and on one of the hosts that the policy names: a link in a response cannot send the token elsewhere.
 *  @throws PipelineError `SOURCE_ADDRESS_REFUSED` */
export function allowedAddress(policy: Pick<HttpPolicy, 'baseUrl' | 'otherHosts'>, path: string): URL {
  const base = new URL(policy.baseUrl);
  const url = parse(isAbsolute(path) ? path : joinPath(policy.baseUrl, path));
  const isHost = url.host === base.host || (policy.otherHosts ?? []).some((rule) => isCovered(url, rule));
  if (url.protocol !== base.protocol || !isHost || url.username !== '' || url.password !== '') {
    throw refused(`the address leads to ${url.protocol}//${url.host}, which is not a host of this source`);
  }
  return url;
}

/** The policy with another home of the account, which must be on one of its hosts.
 *  @throws PipelineError `SOURCE_ADDRESS_REFUSED` */
export function policyAt(policy: HttpPolicy, baseUrl: string | undefined): HttpPolicy {
  if (baseUrl === undefined || baseUrl === policy.baseUrl) return policy;
  allowedAddress(policy, baseUrl);
  return { ...policy, baseUrl, otherHosts: [...(policy.otherHosts ?? []), new URL(policy.baseUrl).host] };
}

/** `*.wrike.com` covers every host below that domain on the scheme's own port, not the domain itself; a name covers itself only. */
function isCovered(url: URL, rule: string): boolean {
  return rule.startsWith('*.') ? url.port === '' && url.hostname.endsWith(rule.slice(1)) : url.host === rule;
}

/** The path below `baseUrl`, as limits and errors name it: the same whether a request names a path or a next-page link. */
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
