import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protections } from '../tests/protections/all.ts';
import { replaceSection } from './marked-section.ts';

const MARKERS = {
  begin: '<!-- protections: generated from tests/protections -->',
  end: '<!-- end of protections -->',
};

/** ARCHITECTURE.md with the present list between its markers: a row for each test, which may prove many protections.
 *  @throws when the markers or a named test are missing. */
export async function withProtections(root: string, architecture: string): Promise<string> {
  for (const { file, test, mutation, listedIn = file } of protections) {
    await checkNamed(root, file, test);
    await checkNamed(root, listedIn, mutation);
  }
  const byTest = Map.groupBy(protections, ({ file, test }) => `${test} | \`${file}\``);
  const rows = [...byTest].map(([proof, proven]) => `| ${proven.map(described).join('<br>')} | ${proof} |`);
  const table = [
    '| protection: what happens when it is switched off | proven by | in |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
  return replaceSection(architecture, MARKERS, table);
}

function described({ protection, mutation }: (typeof protections)[number]): string {
  return `${protection}: ${mutation.replace(' (mutation)', '')}`;
}

async function checkNamed(root: string, file: string, name: string): Promise<void> {
  const source = await readFile(join(root, file), 'utf8');
  if (!source.includes(name)) throw new Error(`${file} has no test "${name}"`);
}
