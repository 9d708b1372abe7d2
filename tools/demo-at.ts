import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOOPBACK } from '@pipeline/local-stack';
import type { DatabaseOptions } from '@pipeline/postgres';

export interface Demo {
  /** Address of the page. */
  page: string;
  /** Opens the page. */
  token: string;
  /** Address of the sandbox's control API. */
  control: string;
  database: DatabaseOptions;
}

/** Where the demo of this data folder listens, or listened last. Ports are 0 when there was none. */
export function demoAt(dataDir: string): Demo {
  const ports = readPorts(join(dataDir, 'ports.json'));
  const postgres = join(dataDir, 'postgres');
  const port = readPorts(join(postgres, 'ports.json'))['postgres'] ?? 0;
  return {
    page: `http://${LOOPBACK}:${ports['scheduler'] ?? 0}`,
    token: process.env['API_TOKEN'] ?? readText(join(dataDir, 'api-token')),
    control: `http://${LOOPBACK}:${ports['control'] ?? 0}`,
    database: demoDatabase(port, readText(join(postgres, 'password'))),
  };
}

export function demoDatabase(port: number, password: string): DatabaseOptions {
  const access = { user: 'postgres', password, database: 'pipeline', sslmode: 'disable' as const };
  return { host: LOOPBACK, port, ...access, applicationName: 'tools', poolSize: 2 };
}

function readPorts(file: string): Record<string, number> {
  return JSON.parse(readText(file) || '{}');
}

/** Empty when the file is not there. */
function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}
