import type { z } from 'zod';
import { type Variable, variablesOf } from './variable.ts';

export interface EnvSampleSection {
  title: string;
  schema: z.ZodObject;
}

const LINE_WIDTH = 110;

/** The text of `.env.sample`: every variable once, in the first section that declares it. A variable with a default is a comment, so
 *  that a copy of the file changes nothing until a line is filled in. */
export function envSample(sections: EnvSampleSection[]): string {
  const seen = new Set<string>();
  const texts = sections.flatMap(({ title, schema }) => {
    const variables = variablesOf(schema).filter(({ name }) => !seen.has(name));
    for (const { name } of variables) seen.add(name);
    return variables.length === 0 ? [] : [[`# --- ${title}`, ...variables.map(describe)].join('\n\n')];
  });
  return `${texts.join('\n\n\n')}\n`;
}

function describe(variable: Variable): string {
  const { name, description, choices, isRequired, isSecret } = variable;
  const facts = [
    description,
    ...(choices.length === 0 ? [] : [`One of ${choices.join(', ')}.`]),
    ...(isRequired ? ['Required.'] : []),
    ...(isSecret ? [`May be read from the file that ${name}_FILE names.`] : []),
  ];
  const line = variable.default === undefined ? `${name}=` : `#${name}=${variable.default}`;
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
