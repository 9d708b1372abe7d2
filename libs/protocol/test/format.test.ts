import { describe, expect, it } from '@jest/globals';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatCountdown,
  formatDay,
  formatDayTime,
  formatDuration,
  formatInstant,
  formatLogTime,
  formatNumber,
  formatShare,
  formatTime,
  formatWhen,
} from '../src/format.ts';

const AT = '2026-11-24T09:21:07.049Z';
const at = Date.parse(AT);

describe('what people read', () => {
  it('groups digits, also of numbers beyond 2^53, and leaves what is no integer as it is', () => {
    expect([63_089, '9007199254740993', null, '12.50'].map(formatNumber)).toEqual([
      '63,089',
      '9,007,199,254,740,993',
      '–',
      '12.50',
    ]);
    expect([formatCount(1, 'row'), formatCount(0, 'row'), formatCount(2, 'query', 'queries')]).toEqual([
      '1 row',
      '0 rows',
      '2 queries',
    ]);
  });

  it('writes sizes in decimal units and rolls over before a unit is full', () => {
    expect([0, 999, 1_000, 79_400, 999_499, 999_500, 4_210_000, 999_950_000, null].map(formatBytes)).toEqual([
      ...['0 B', '999 B', '1 kB', '79 kB', '999 kB', '1.0 MB', '4.2 MB', '1.0 GB', '–'],
    ]);
  });

  it('writes durations with two units at most and never sixty of one', () => {
    expect(
      [0, 999, 1_000, 14_100, 59_949, 59_950, 79_000, 3_599_999, 7_500_000, 532_800_000].map(formatDuration),
    ).toEqual([
      ...['0 ms', '999 ms', '1.0 s', '14.1 s', '59.9 s', '1 m 00 s', '1 m 19 s', '1 h 00 m', '2 h 05 m', '6 d 4 h'],
    ]);
    expect([formatDuration(-5), formatDuration(Number.NaN)]).toEqual(['0 ms', '–']);
  });

  it('says 100 % only when all is there, and not 0 % when something is', () => {
    expect([formatShare(0, 10), formatShare(1, 10_000), formatShare(9_999, 10_000), formatShare(10, 10)]).toEqual([
      ...['0 %', '1 %', '99 %', '100 %'],
    ]);
  });

  it('counts an age in one unit and names the instant after a day', () => {
    const age = (ms: number) => formatAge(AT, at + ms, 'UTC');
    expect([-5, 0, 59_999, 60_000, 3_599_999, 3_600_000, 86_399_999, 86_400_000].map(age)).toEqual([
      ...['0 s', '0 s', '59 s', '1 min', '59 min', '1 h', '23 h', 'Tue 24 Nov 09:21'],
    ]);
  });

  it('counts down to zero and not below', () => {
    expect([-1, 0, 500, 198_000, 3_725_000].map(formatCountdown)).toEqual(['0:00', '0:00', '0:01', '3:18', '1:02:05']);
  });

  it('writes an instant in the zone asked for', () => {
    const zone = 'Pacific/Auckland';
    expect([formatTime(AT, zone), formatLogTime(AT, zone), formatDay(AT, zone), formatDayTime(AT, zone)]).toEqual([
      ...['22:21:07', '22:21:07.049', '24 Nov', 'Tue 24 Nov 22:21'],
    ]);
    expect(formatInstant(AT, zone)).toBe(`Tue 24 Nov 22:21:07.049 · ${AT}`);
    expect(formatWhen(AT, at + 3_600_000, 'UTC')).toBe('09:21:07');
    expect(formatWhen(AT, at + 15 * 3_600_000, 'UTC')).toBe('Tue 24 Nov 09:21');
    expect(formatTime('not a date', 'UTC')).toBe('--:--:--');
  });
});
