import type { z } from 'zod';
import { type Variable, variablesOf } from './variable.ts';

export interface EnvSampleSection {
  title: string;
  note?: string;
  schema: z.ZodObject;
}

const LINE_WIDTH = 110;

const HEADER = `# Copy to .env and fill in. What is left empty counts as not set; what is a comment is optional and shows its default.
# Generated from the configuration schemas by "npm run generate".`;

/** The text of `.env.sample`: every variable once, in the first section that declares it. A copy of it changes nothing until a
 *  line is filled in. */
export function envSample(sections: EnvSampleSection[]): string {
  const seen = new Set<string>();
  const texts = sections.flatMap(({ title, note, schema }) => {
    const variables = variablesOf(schema).filter(({ name }) => !seen.has(name));
    for (const { name } of variables) seen.add(name);
    const heading = note === undefined ? `# --- ${title}` : `# --- ${title}. ${note}`;
    return variables.length === 0 ? [] : [[heading, ...variables.map(describe)].join('\n\n')];
  });
  return `${[HEADER, ...texts].join('\n\n\n')}\n`;
}

function describe(variable: Variable): string {
  const { name, description, choices, isRequired, isSecret } = variable;
  const facts = [
    description,
    ...(choices.length === 0 ? [] : [`One of ${choices.join(', ')}.`]),
    ...(isSecret ? [`May be read from the file that ${name}_FILE names.`] : []),
  ];
  const line = isRequired ? `${name}=` : `#${name}=${variable.default ?? ''}`;
  return [...wrap(facts.join(' ')), line].join('\n');
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
