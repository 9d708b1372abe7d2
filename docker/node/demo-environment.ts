// Loaded before a service: under the profile demo its variables replace those of the container.
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { DEMO_ENVIRONMENT } from './folder.ts';

if (existsSync(DEMO_ENVIRONMENT)) Object.assign(process.env, parseEnv(readFileSync(DEMO_ENVIRONMENT, 'utf8')));
