import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readConfigFile, selectVariable, withSelection } from '@pipeline/tap-kit/settings';

const ROOT = resolve(import.meta.dirname, '..');

/** Which streams of a source its tap reads, by its `config.yml` or the variable that replaces its selection: only those reach a warehouse. Everything,
 *  for a source without such a file. */
export function selectedStreams(
  source: string,
  environment: Record<string, string | undefined> = process.env,
): (stream: string) => boolean {
  const path = join(ROOT, 'services', `tap-${source}`, 'config.yml');
  if (!existsSync(path)) return () => true;
  const variable = selectVariable(source);
  const { select } = withSelection(readConfigFile(path), variable, environment[variable]);
  if (select === undefined) return () => true;
  const names = new Set(select.map(({ stream }) => stream));
  return (stream) => names.has(stream);
}
