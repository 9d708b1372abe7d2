import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readConfigFile } from '@pipeline/tap-kit';

const ROOT = resolve(import.meta.dirname, '..');

/** Which streams of a source its tap's `config.yml` selects: only those reach a warehouse. Everything, for a source without such a file. */
export function selectedStreams(source: string): (stream: string) => boolean {
  const path = join(ROOT, 'services', `tap-${source}`, 'config.yml');
  const select = existsSync(path) ? readConfigFile(path).select : undefined;
  if (select === undefined) return () => true;
  const names = new Set(select.map(({ stream }) => stream));
  return (stream) => names.has(stream);
}
