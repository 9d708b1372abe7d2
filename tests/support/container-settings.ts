import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../../docker-compose.yml');

/** What docker-compose.yml lets the memory of a service grow to: without a limit, V8 and malloc keep what they could free.
 *  @param service its own settings count before those of all taps, and those before the ones of all services. @default any tap */
export function containerSettings(service = 'tap-'): Record<string, string> {
  const compose = readFileSync(FILE, 'utf8');
  const block = (start: string) => new RegExp(`^${start}:.*\\n((?: {2}.*\\n)+)`, 'm').exec(compose)?.[1] ?? '';
  const own = new RegExp(`^ {2}${service}:\\n((?: {4}.*\\n)+)`, 'm').exec(compose)?.[1] ?? '';
  const shared = [block('x-environment'), service.startsWith('tap-') ? block('x-tap-environment') : ''];
  const settings = [...`${shared.join('')}${own}`.matchAll(/^ +(NODE_OPTIONS|MALLOC_\w+): "?([^"\n]+)"?$/gm)];
  if (!settings.some(([, name]) => name === 'NODE_OPTIONS')) throw new RangeError(`no NODE_OPTIONS in ${FILE}`);
  return Object.fromEntries(settings.map(([, name = '', value = '']) => [name, value]));
}
