import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAULT_TEXTS } from '../../tests/fault-texts.ts';

/** docs/reference/fault-texts.md: what an operator reads of each fault.
 *  @throws when a named test is missing */
export async function faultTextsPage(root: string): Promise<string> {
  const texts = Object.values(FAULT_TEXTS);
  for (const { test } of texts) {
    const source = await readFile(join(root, test.file), 'utf8');
    if (!source.includes(test.name))
      throw new Error(`${test.file} has no test "${test.name}": see tests/fault-texts.ts`);
  }
  return [
    '# What you read',
    '',
    'What you read of each fault, word for word; what differs stands in `<>`. The tests named bring the fault about and compare with these texts',
    '(`tests/fault-texts.ts`; this page is generated from it). What happens then, and how long, stands in [failures](failures.md).',
    '',
    '| fault | where | text | test |',
    '|---|---|---|---|',
    ...texts.map(
      ({ fault, where, text, test }) =>
        `| ${fault} | ${where} | ${code(text)} | ${test.name.replaceAll('|', '\\|')} (\`${test.file}\`) |`,
    ),
    '',
  ].join('\n');
}

/** As code, so that nothing of it is taken for Markdown. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
