import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../../docker-compose.yml');

/** What docker-compose.yml lets a tap's memory grow to: without a limit, V8 and malloc keep what they could free.
 *  @param service `tap-xero`, where a tap's own settings count before those of all taps */
export function containerSettings(service?: string): Record<string, string> {
  const compose = readFileSync(FILE, 'utf8');
  const [, shared = ''] = /^x-tap-environment:.*\n((?: {2}.*\n)+)/m.exec(compose) ?? [];
  const own =
    service === undefined ? '' : (new RegExp(`^ {2}${service}:\\n((?: {4}.*\\n)+)`, 'm').exec(compose)?.[1] ?? '');
  const settings = [...`${shared}${own}`.matchAll(/^ +(NODE_OPTIONS|MALLOC_\w+): "?([^"\n]+)"?$/gm)];
  if (!settings.some(([, name]) => name === 'NODE_OPTIONS')) throw new RangeError(`no NODE_OPTIONS of taps in ${FILE}`);
  return Object.fromEntries(settings.map(([, name = '', value = '']) => [name, value]));
}
