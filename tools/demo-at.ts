import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Demo {
  /** Address of the page. */
  page: string;
  token: string;
  /** Address of the sandbox's control API. */
  control: string;
}

/** Where the demo of this data folder listens. @throws when there was none */
export function demoAt(disk: string): Demo {
  const folder = join(disk, 'demo');
  const ports = JSON.parse(readFileSync(join(folder, 'ports.json'), 'utf8')) as Record<string, number>;
  const token = process.env['API_TOKEN'] ?? readFileSync(join(folder, 'api-token'), 'utf8').trim();
  return { page: `http://127.0.0.1:${ports['scheduler']}`, control: `http://127.0.0.1:${ports['control']}`, token };
}
