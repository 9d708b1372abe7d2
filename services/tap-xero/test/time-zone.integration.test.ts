import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const MODULE = join(import.meta.dirname, '../src/records/dotnet-date.ts');
/** Midnight and the last minute of a day in UTC, with an offset, before 1970. */
const DATES = ['/Date(1571875200000)/', '/Date(1571961599000+1300)/', '/Date(-80006400000+0000)/'];

it.each(['Pacific/Auckland', 'America/Los_Angeles', 'UTC'])(
  'calendar dates are the same on a machine in %s',
  (timeZone) => {
    const program = `import { isoDate } from ${JSON.stringify(MODULE)};
      const dates = ${JSON.stringify(DATES)}.map((text) => isoDate('Date', text));
      process.stdout.write(JSON.stringify([new Date(0).getHours(), ...dates]));`;
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
    const output = execFileSync(process.execPath, args, { env: { TZ: timeZone }, encoding: 'utf8' });
    const [hours, ...dates]: unknown[] = JSON.parse(output);
    expect(hours === 0).toBe(timeZone === 'UTC');
    expect(dates).toEqual(['2019-10-24', '2019-10-24', '1967-06-20']);
  },
);
