import { parseWhere } from '../../src/xero/api/where.ts';

interface Thing {
  Name: string;
  Total: number;
  Date: number | undefined;
}

const thing: Thing = { Name: 'a "b"', Total: 12.5, Date: Date.UTC(2024, 0, 31) };
const holds = (text: string) =>
  parseWhere<Thing>(text, (name) => {
    if (name === 'Name' || name === 'Total' || name === 'Date') return (item) => item[name];
    throw new RangeError(name);
  })(thing, 0);

describe('parseWhere', () => {
  it.each([
    ['Total==12.5', true],
    ['Total > 12.5', false],
    ['Total>=12.5 AND Name!="x"', true],
    ['Total<1 OR Date>=DateTime(2024, 01, 31)', true],
    ['Total<1 || (Date<DateTime(2024,1,31) && Total>1)', false],
    ['(Total<1 OR Total>1) AND Total<13', true],
    ['Date!=null', true],
    ['Name > 5', false],
    ['Name.Contains("B")', true],
    ['Name.StartsWith("a") AND Name.EndsWith("z")', false],
    ['Name!=guid("B5A5F1A2-0000-4000-8000-000000000000")', true],
    ['Date>=datetime(2024,01,31)', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it.each(['', 'Total', 'Total==', '(Total==1', 'Total==1)', 'Total==1 Total==2', 'Total ~ 1', '"x"==Name'])(
    'refuses "%s"',
    (text) => {
      expect(() => holds(text)).toThrow(expect.objectContaining({ status: 400 }));
    },
  );
});
