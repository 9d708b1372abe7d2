import { isoDate } from '../src/records/dotnet-date.ts';

describe('isoDate', () => {
  it('reads the number as UTC milliseconds and ignores the offset', () => {
    expect(isoDate('UpdatedDateUTC', '/Date(1541176290160+0000)/')).toBe('2018-11-02T16:31:30.160Z');
    expect(isoDate('UpdatedDateUTC', '/Date(1541176290160+1300)/')).toBe('2018-11-02T16:31:30.160Z');
    expect(isoDate('UpdatedDateUTC', '/Date(1552326816230)/')).toBe('2019-03-11T17:53:36.230Z');
  });

  it('returns a calendar date for a property that is not in UTC', () => {
    expect(isoDate('DueDate', '/Date(1546128000000+0000)/')).toBe('2018-12-30');
  });

  it('reads dates before 1970', () => {
    expect(isoDate('DueDate', '/Date(-1419120000000+0000)/')).toBe('1925-01-12');
    expect(isoDate('DueDate', '/Date(-62135596800000+0000)/')).toBe('0001-01-01');
  });

  it('takes 0 for no date, but for an instant as the instant it is', () => {
    expect(isoDate('Date', '/Date(0+0000)/')).toBeNull();
    expect(isoDate('CreatedDateUTC', '/Date(0+0000)/')).toBe('1970-01-01T00:00:00.000Z');
  });

  it('keeps the last date there is and leaves the one after it as it came', () => {
    expect(isoDate('Date', '/Date(8640000000000000)/')).toBe('+275760-09-13');
    expect(isoDate('Date', '/Date(8640000000000001)/')).toBe('/Date(8640000000000001)/');
  });

  it('leaves any other text alone', () => {
    expect(isoDate('Reference', 'see /Date(0)/')).toBe('see /Date(0)/');
    expect(isoDate('DateString', '2018-10-20T00:00:00')).toBe('2018-10-20T00:00:00');
  });
});
