import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protections } from '../tests/protections.ts';

const BEGIN = '<!-- protections: generated from tests/protections.ts -->';
const END = '<!-- end of protections -->';

/** ARCHITECTURE.md with the present list between its markers.
 *  @throws when the markers or a named test are missing. */
export async function withProtections(root: string): Promise<string> {
  const text = await readFile(join(root, 'ARCHITECTURE.md'), 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end === -1) throw new Error('ARCHITECTURE.md has lost the markers of the protections');
  const rows: string[] = [];
  for (const { protection, file, test, mutation, listedIn = file } of protections) {
    await checkNamed(root, file, test);
    await checkNamed(root, listedIn, mutation);
    rows.push(`| ${protection} | ${test} | ${mutation.replace(' (mutation)', '')} | \`${file}\` |`);
  }
  const table = ['| protection | proven by | switched off | in |', '|---|---|---|---|', ...rows].join('\n');
  return `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`;
}

async function checkNamed(root: string, file: string, name: string): Promise<void> {
  const source = await readFile(join(root, file), 'utf8');
  if (!source.includes(name)) throw new Error(`${file} has no test "${name}"`);
}
