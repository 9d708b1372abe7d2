import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A `.env` as a user makes it: the copy of `.env.sample` with these variables filled in.
 *  @throws when the sample does not have one of them. */
export function filledSample(values: Record<string, string>): string {
  let text = readFileSync(join(import.meta.dirname, '../../.env.sample'), 'utf8');
  for (const [name, value] of Object.entries(values)) {
    const line = new RegExp(`^#?${name}=.*$`, 'm');
    if (!line.test(text)) throw new Error(`.env.sample does not have ${name}`);
    text = text.replace(line, () => `${name}=${value}`);
  }
  return text;
}
