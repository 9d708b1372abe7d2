import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { PipelineError } from '@pipeline/protocol';

/** Networks that no source on the internet is in: this host, private, shared, link-local (where clouds keep their credentials), documentation,
 *  multicast and reserved ones, and tunnels whose other end is anywhere. IANA special-purpose address registries; an IPv4 address that is
 *  mapped into IPv6 (`::ffff:0:0/96`) counts as what it is. */
const NETWORKS: readonly [address: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // This host, and the deprecated IPv4-compatible addresses (RFC 4291).
  ['::', 96],
  // IPv4-translated, within one site (RFC 7915).
  ['::ffff:0:0:0', 96],
  // NAT64 of one's own network (RFC 8215).
  ['64:ff9b:1::', 48],
  ['100::', 64],
  // Teredo (RFC 4380).
  ['2001::', 32],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];
const notPublic = new BlockList();
for (const [address, prefix] of NETWORKS) notPublic.addSubnet(address, prefix, familyOf(address));

/** IPv6 networks whose addresses are reached at the IPv4 address within them, and the group it begins at: NAT64 (RFC 6052), as networks
 *  without IPv4 name every host, and 6to4 (RFC 3056). */
const CARRIERS: readonly [network: string, prefix: number, group: number][] = [
  ['64:ff9b::', 96, 6],
  ['2002::', 16, 1],
];
const carriers = CARRIERS.map(([network, prefix, group]) => {
  const addresses = new BlockList();
  addresses.addSubnet(network, prefix, 'ipv6');
  return { addresses, group };
});

/** Whether an address is one of the internet's. */
export function isPublicAddress(address: string): boolean {
  const family = familyOf(address);
  if (isIP(address) === 0 || notPublic.check(address, family)) return false;
  if (family === 'ipv4') return true;
  const carrier = carriers.find(({ addresses }) => addresses.check(address, family));
  return carrier === undefined || !notPublic.check(ipv4Within(address, carrier.group), 'ipv4');
}

function ipv4Within(address: string, group: number): string {
  const groups = ipv6Groups(address);
  const bytes = [groups[group] ?? 0, groups[group + 1] ?? 0].flatMap((value) => [value >> 8, value & 0xff]);
  return bytes.join('.');
}

/** The eight groups of an IPv6 address, however it is spelt. */
function ipv6Groups(address: string): number[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const numbers = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
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
