import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { PipelineError } from '@pipeline/contracts';

/** Networks that no source on the internet is in: this host, private, shared, link-local (where clouds keep their credentials), test, multicast
 *  and reserved ones. IANA special-purpose address registries; an IPv4 address that is mapped into IPv6 counts as what it is. */
const NETWORKS: readonly [address: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
];
const notPublic = new BlockList();
for (const [address, prefix] of NETWORKS) notPublic.addSubnet(address, prefix, familyOf(address));

/** Whether an address is one of the internet's. */
export function isPublicAddress(address: string): boolean {
  return !notPublic.check(address, familyOf(address));
}

/** Whether a base URL leads inside: whoever has set it to such an address, or to plain HTTP, means a host of their own. */
export function isInside(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'http:' || host === 'localhost') return true;
  return isIP(host) !== 0 && !isPublicAddress(host);
}

/** A look-up at the moment of the connection that refuses names which lead inside, whatever they led to a moment ago.
 *  @param isTarget false for a proxy's name, which may lead where it likes */
export function guardedLookup(
  isTarget: (host: string) => boolean,
  lookup: LookupFunction = systemLookup,
): LookupFunction {
  return (host, options, callback) => {
    lookup(host, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
      const refused = isTarget(host) && addresses.some((address) => !isPublicAddress(address));
      callback(refused ? leadsInside(host) : error, found, family);
    });
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function leadsInside(host: string): PipelineError {
  return new PipelineError({
    code: 'SOURCE_ADDRESS_REFUSED',
    recovery: 'fail',
    message: `${host} leads to a private address, which is not where this source is: see the DNS of this machine`,
  });
}
