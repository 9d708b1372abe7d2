import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Settings } from '../src/settings.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const section = (title: string) => readme.split(/^## /m).find((text) => text.startsWith(title)) ?? '';

describe('the README', () => {
  const rows = section('What can go wrong')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| what |'))
    .map((line): [string, string] => {
      const cells = line.split(' | ');
      return [cells[0] ?? '', cells.at(-1) ?? ''];
    });

  it.each(rows)('names a test that there is, for %s', (_what, cell) => {
    const [, file = '', name = ''] = /^`([a-z.-]+)`: (.*) \|$/.exec(cell) ?? [];
    expect(readFileSync(join(import.meta.dirname, `${file}.test.ts`), 'utf8')).toContain(`it('${name}'`);
  });

  it('has a row for each kind of bad input', () => {
    expect(rows.length).toBeGreaterThanOrEqual(16);
  });

  it('tells every setting', () => {
    for (const name of Object.keys(Settings.shape)) expect(section('Settings')).toContain(`\`${name}\``);
  });
});
