// Loaded before a service: what the set-up has written for it replaces variables of the container, under the profile demo more of them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { DEMO_ENVIRONMENT, FOLDER, SERVICE_ENVIRONMENT } from './folder.ts';

for (const name of [SERVICE_ENVIRONMENT, DEMO_ENVIRONMENT]) {
  const path = join(FOLDER, name);
  if (existsSync(path)) Object.assign(process.env, parseEnv(readFileSync(path, 'utf8')));
}
