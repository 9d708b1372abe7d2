import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { areas } from '../../tests/protections/all.ts';

type Protection = (typeof areas)[string][number];

/** docs/reference/protections.md: what keeps the promises, by the test that proves it.
 *  @throws when a named test is missing */
export async function protectionsPage(root: string): Promise<string> {
  for (const { file, test, mutation, listedIn = file } of Object.values(areas).flat()) {
    await checkNamed(root, file, test);
    await checkNamed(root, listedIn, mutation);
  }
  return [
    '# Protections',
    '',
    'A test that cannot fail proves nothing: each protection has a partner test that switches it off and sees the damage. This page is generated from',
    '`tests/protections`.',
    ...Object.entries(areas).flatMap(([area, protections]) => section(area, protections)),
    '',
  ].join('\n');
}

function section(area: string, protections: Protection[]): string[] {
  return [
    ...['', `## ${area}`, ''],
    '| protection | the test that proves it | without the protection | in |',
    '|---|---|---|---|',
    ...protections.map(
      ({ protection, test, mutation, file }) =>
        `| ${protection} | ${test} | ${mutation.replace(' (mutation)', '')} | \`${file}\` |`,
    ),
  ];
}

async function checkNamed(root: string, file: string, name: string): Promise<void> {
  const source = await readFile(join(root, file), 'utf8');
  if (!source.includes(name)) throw new Error(`${file} has no test "${name}"`);
}
