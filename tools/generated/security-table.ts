import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { securityPoints } from '../../tests/security-points.ts';
import { withSection } from './marked-section.ts';

const MARKERS = {
  begin: '<!-- points: generated from tests/security-points.ts -->',
  end: '<!-- end of points -->',
};

/** SECURITY.md with the present list between its markers.
 *  @throws when a named test is missing. */
export async function withSecurityPoints(root: string): Promise<string> {
  const rows = securityPoints.map(({ point, done, tests, open }, index) => {
    const proofs = tests.map(({ file, name }) => `${name} (\`${file}\`)`).join('<br>');
    return `| ${index + 1} | ${point} | ${done} | ${proofs || '–'} | ${open ?? '–'} |`;
  });
  for (const { file, name } of securityPoints.flatMap(({ tests }) => tests)) {
    const source = await readFile(join(root, file), 'utf8');
    if (!source.includes(name)) throw new Error(`${file} has no test "${name}": see tests/security-points.ts`);
  }
  const table = ['| | weakness | what is done | shown by | open |', '|---|---|---|---|---|', ...rows].join('\n');
  return withSection(join(root, 'SECURITY.md'), MARKERS, table);
}
