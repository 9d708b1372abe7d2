import { backoffMs } from '@pipeline/resilience';
import { failureOf } from '../src/http/failure.ts';
import { REQUEST_BACKOFF, retryAfterMs } from '../src/http/retry.ts';
import type { HttpPolicy, HttpResponse } from '../src/http-policy.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const policy: HttpPolicy = { baseUrl: 'https://api.example.com', auth: { kind: 'bearer', token: 't' }, limits: [] };
const responseWith = (status: number, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers,
  json: undefined,
  method: 'GET',
  path: '/deals',
});

test.each([
  [401, 'SOURCE_UNAUTHORISED', 'fix-config'],
  [403, 'SOURCE_FORBIDDEN', 'fix-config'],
  [408, 'SOURCE_UNAVAILABLE', 'retry'],
  [425, 'SOURCE_UNAVAILABLE', 'retry'],
  [429, 'SOURCE_RATE_LIMITED', 'retry'],
  [500, 'SOURCE_UNAVAILABLE', 'retry'],
  [599, 'SOURCE_UNAVAILABLE', 'retry'],
  [400, 'SOURCE_REFUSED', 'fail'],
  [404, 'SOURCE_REFUSED', 'fail'],
  [300, 'SOURCE_REFUSED', 'fail'],
])('%i means %s, and to %s', (status, code, recovery) => {
  expect(failureOf(policy, responseWith(status), NOW)).toMatchObject({ code, recovery });
});

test('what the tap says of a response comes first', () => {
  const own = { code: 'NOT_FOUND_IS_EMPTY', recovery: 'skip', message: 'nothing there' } as const;
  expect(failureOf({ ...policy, failure: () => own }, responseWith(404), NOW)).toBe(own);
});

test('a wait that the source asks for holds, also for failures that the tap declares', () => {
  const own = { code: 'BUSY', recovery: 'retry', message: 'busy' } as const;
  expect(failureOf(policy, responseWith(503, { 'retry-after': '7' }), NOW).retryAfterMs).toBe(7_000);
  expect(
    failureOf({ ...policy, failure: () => own }, responseWith(429, { 'retry-after': '7' }), NOW).retryAfterMs,
  ).toBe(7_000);
  const exact = { ...own, retryAfterMs: 10 };
  expect(
    failureOf({ ...policy, failure: () => exact }, responseWith(429, { 'retry-after': '7' }), NOW).retryAfterMs,
  ).toBe(10);
});

test.each([
  ['120', 120_000],
  ['0', 0],
  [' 1.5 ', 1_500],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %p is %p ms', (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});

test('the back-off doubles from half a second to 30 seconds, half of it by chance', () => {
  expect([1, 2, 3, 6, 7, 50].map((tries) => backoffMs(tries, REQUEST_BACKOFF, () => 1))).toEqual([
    500, 1_000, 2_000, 16_000, 30_000, 30_000,
  ]);
  expect([1, 7].map((tries) => backoffMs(tries, REQUEST_BACKOFF, () => 0))).toEqual([250, 15_000]);
});
