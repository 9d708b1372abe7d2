import { allowedAddress, pathBelow } from '../src/http/allowed-address.ts';

const policy = { baseUrl: 'https://api.example.com/api/v4', otherHosts: ['files.example.com'] };

test.each([
  ['deals', 'https://api.example.com/api/v4/deals'],
  ['/deals?after=1', 'https://api.example.com/api/v4/deals?after=1'],
  ['https://api.example.com/api/v4/deals?after=2', 'https://api.example.com/api/v4/deals?after=2'],
  ['HTTPS://API.EXAMPLE.COM/x', 'https://api.example.com/x'],
  ['https://files.example.com/x', 'https://files.example.com/x'],
  ['//evil.example/x', 'https://api.example.com/api/v4/evil.example/x'],
])('%s leads to %s', (path, address) => {
  expect(allowedAddress(policy, path).href).toBe(address);
});

test.each([
  'https://evil.example/deals',
  'https://api.example.com@evil.example/deals',
  'https://api.example.com.evil.example/deals',
  'https://user@api.example.com/deals',
  'https://api.example.com:8443/deals',
  'http://api.example.com/deals',
  'http://169.254.169.254/latest/meta-data',
  'https://[::ffff:127.0.0.1]/deals',
  'https://2130706433/deals',
  'https://xn--pi-7ka.example.com/deals',
  'http://localhost:5432/',
  'http://0.0.0.0/',
  'http://0177.0.0.1/',
  'http://0x7f.1/',
  'http://127.1/',
  'http://[::1]/',
  'http://[fd00:ec2::254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://metadata.google.internal/',
  'https://169.254.169.254/',
  'https://rabbitmq:15672/api/users',
  'https://postgres:5432/',
  'https://api.example.com.:443/deals',
  'https://api。example。com.evil.example/',
  'file:///etc/passwd',
  'https://',
])('%s is refused before anything is sent', (path) => {
  expect(() => allowedAddress(policy, path)).toThrow(expect.objectContaining({ code: 'SOURCE_ADDRESS_REFUSED' }));
});

test('a path is the same whether it was given or linked', () => {
  expect(pathBelow(policy, allowedAddress(policy, '/deals'))).toBe('/deals');
  expect(pathBelow(policy, new URL('https://api.example.com/api/v4/deals?after=2'))).toBe('/deals');
  expect(pathBelow({ baseUrl: 'https://api.example.com' }, new URL('https://api.example.com/deals'))).toBe('/deals');
});

test.each([
  ['https://app-eu.wrike.com/api/v4', true],
  ['https://a.b.wrike.com/', true],
  ['https://wrike.com/', false],
  ['https://evilwrike.com/', false],
  ['https://wrike.com.evil.example/', false],
  ['https://www.wrike.com:8443/', false],
])('the rule *.wrike.com and %s: %s', (path, isAllowed) => {
  const check = () => allowedAddress({ baseUrl: 'https://api.example.com', otherHosts: ['*.wrike.com'] }, path);
  if (isAllowed) expect(check().href).toBe(path);
  else expect(check).toThrow(expect.objectContaining({ code: 'SOURCE_ADDRESS_REFUSED' }));
});
