import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protections } from '../tests/protections.ts';
import { withSection } from './marked-section.ts';

const MARKERS = {
  begin: '<!-- protections: generated from tests/protections.ts -->',
  end: '<!-- end of protections -->',
};

/** ARCHITECTURE.md with the present list between its markers.
 *  @throws when the markers or a named test are missing. */
export async function withProtections(root: string): Promise<string> {
  const rows: string[] = [];
  for (const { protection, file, test, mutation, listedIn = file } of protections) {
    await checkNamed(root, file, test);
    await checkNamed(root, listedIn, mutation);
    rows.push(`| ${protection} | ${test} | ${mutation.replace(' (mutation)', '')} | \`${file}\` |`);
  }
  const table = ['| protection | proven by | switched off | in |', '|---|---|---|---|', ...rows].join('\n');
  return withSection(join(root, 'ARCHITECTURE.md'), MARKERS, table);
}

async function checkNamed(root: string, file: string, name: string): Promise<void> {
  const source = await readFile(join(root, file), 'utf8');
  if (!source.includes(name)) throw new Error(`${file} has no test "${name}"`);
}
