import { isIP, type LookupFunction } from 'node:net';
import { isInside, isPublicAddress } from '../src/http/public-address.ts';
import { createTransport } from '../src/http/transport.ts';
import { neverAborted } from './support/deps.ts';
import { type LocalServer, startLocalServer } from './support/local-server.ts';

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fd00:ec2::254',
  'fe80::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::ffff:10.0.0.1',
  '::127.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '0064:ff9b:0:0:0:0:192.168.1.1',
  '64:ff9b:1::1.1.1.1',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  '2002:c0a8:0101:0000:0000:0000:0000:0001',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:db8::1',
  'fec0::1',
  'fe80::1%eth0',
  '192.0.2.1',
  '198.51.100.7',
  '203.0.113.9',
  'nonsense',
])('%s is not a public address', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  '1.1.1.1',
  '172.32.0.1',
  '104.18.1.1',
  '2606:4700::1111',
  '::ffff:1.1.1.1',
  '64:ff9b::1.1.1.1',
  '2002:101:101::1',
  '2001:4860:4860::8888',
])('%s is one', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ['https://api.hubapi.com', false],
  ['https://1.1.1.1', false],
  ['http://sandbox:4001', true],
  ['https://localhost:8443', true],
  ['https://10.0.0.7', true],
  ['https://[::1]:8443', true],
])('the base URL %s leads inside: %s', (baseUrl, expected) => {
  expect(isInside(baseUrl)).toBe(expected);
});

describe('a name that leads to a private address', () => {
  let server: LocalServer;
  let requests = 0;
  beforeAll(async () => {
    server = await startLocalServer((_request, response) => {
      requests += 1;
      response.end('{}');
    });
  });
  afterAll(() => server.close());

  /** A name server that has been taken over. */
  const leadsTo =
    (address: string): LookupFunction =>
    (_host, options, callback) => {
      const family = isIP(address);
      return options.all ? callback(null, [{ address, family }]) : callback(null, address, family);
    };
  const get = async (baseUrl: string, address = '127.0.0.1') => {
    const { transport, close } = createTransport({ baseUrl, lookup: leadsTo(address) });
    const url = new URL(`http://api.example.com:${new URL(server.url).port}/deals`);
    const headers = { authorization: 'Bearer secret' };
    return transport({ method: 'GET', url, headers, signal: neverAborted }).finally(close);
  };

  it.each(['127.0.0.1', '::ffff:127.0.0.1', '64:ff9b::127.0.0.1', '2002:7f00:1::'])(
    'is refused when it is connected to at %s: nothing is sent',
    async (address) => {
      await expect(get('https://api.example.com', address)).rejects.toMatchObject({
        code: 'SOURCE_ADDRESS_REFUSED',
        message:
          'api.example.com leads to a private address, which is not where this source is: see the DNS of this machine',
      });
      expect(requests).toBe(0);
    },
  );

  it('would be given the token if nobody looked at the address (mutation); so is a host inside that the operator has set', async () => {
    expect(await get('http://sandbox')).toMatchObject({ status: 200 });
    expect(requests).toBe(1);
  });
});
