import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsOf } from './command-line.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface GuideCommand {
  /** `docs/guides/backup.md:10` */
  at: string;
  /** Without `npx pipeline`. */
  args: string[];
}

/** The `npx pipeline …` lines of the code blocks in README and guides, in their order, each once. */
export function guideCommands(): GuideCommand[] {
  const guides = readdirSync(join(ROOT, 'docs/guides')).map((name) => `docs/guides/${name}`);
  const seen = new Set<string>();
  return [...guides.sort(), 'README.md'].flatMap((file) =>
    commandsOf(file).filter(({ args }) => {
      const text = args.join(' ');
      return !seen.has(text) && seen.add(text);
    }),
  );
}

function commandsOf(file: string): GuideCommand[] {
  let isCode = false;
  return readFileSync(join(ROOT, file), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trimStart().startsWith('```')) isCode = !isCode;
      const [npx, name, ...args] = wordsOf(line);
      return isCode && npx === 'npx' && name === 'pipeline' ? [{ at: `${file}:${index + 1}`, args }] : [];
    });
}
