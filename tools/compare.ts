import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rememberedSecret, startPostgres } from '@pipeline/local-stack';
import { createPool, type DatabaseOptions } from '@pipeline/postgres';
import { type JsonObject, parseJson } from '@pipeline/singer';
import { compareStream } from '@pipeline/testing';
import { startSandbox } from '../services/sandbox/src/sandbox.ts';
import { selectedStreams } from './selected-streams.ts';

// Compares the warehouse of `./run.sh demo`, row by row, with what the sandbox says exists: `npm run compare`. While the demo runs it
// asks its servers; otherwise it starts them for the moment, with the company as the seed makes it.

const dataDir = join(resolve(process.env['DISK_STORAGE_PATH'] ?? '.data'), 'demo');
const SHOWN_MAX = 20;

const stack = (await runningStack()) ?? (await ownStack());
const pool = createPool(stack.database);
let differences = 0;
try {
  const sources = (await getJson('/truth')) as Record<string, Record<string, number>>;
  for (const [source, streams] of Object.entries(sources)) {
    for (const stream of Object.keys(streams).filter(selectedStreams(source))) {
      const truth = (await getJson(`/truth/${source}/${stream}`)) as unknown as { key: string[]; rows: JsonObject[] };
      const comparison = await compareStream(pool, { source, stream, ...truth });
      differences += comparison.differences.length;
      process.stdout.write(
        `${source}.${stream}: ${comparison.rows} rows, ${comparison.differences.length} differences\n`,
      );
      for (const difference of comparison.differences.slice(0, SHOWN_MAX)) {
        process.stdout.write(`  ${JSON.stringify(difference)}\n`);
      }
    }
  }
  process.stdout.write(`${differences} differences\n`);
} finally {
  await pool.end();
  await stack.stop();
}
process.exitCode = differences === 0 ? 0 : 1;

interface Stack {
  controlUrl: string;
  database: DatabaseOptions;
  stop: () => Promise<void>;
}

/** The servers of a demo that is under way. */
async function runningStack(): Promise<Stack | undefined> {
  const ports = readPorts(join(dataDir, 'ports.json'));
  const controlUrl = `http://127.0.0.1:${ports['control']}`;
  const isUp = await fetch(`${controlUrl}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
  if (!isUp) return undefined;
  const postgres = join(dataDir, 'postgres');
  const port = readPorts(join(postgres, 'ports.json'))['postgres'] ?? 0;
  const password = rememberedSecret(join(postgres, 'password'));
  return { controlUrl, database: databaseOptions(port, password), stop: async () => undefined };
}

async function ownStack(): Promise<Stack> {
  const server = await startPostgres({ dataDir: join(dataDir, 'postgres'), database: 'pipeline' });
  const sandbox = await startSandbox({ deals: Number(process.env['SANDBOX_DEALS'] ?? 200) });
  return {
    controlUrl: sandbox.url('control'),
    database: databaseOptions(server.port, server.password),
    stop: async () => {
      await sandbox.stop();
      await server.stop();
    },
  };
}

function databaseOptions(port: number, password: string): DatabaseOptions {
  const access = { user: 'postgres', password, database: 'pipeline', sslmode: 'disable' as const };
  return { host: '127.0.0.1', port, ...access, applicationName: 'compare', poolSize: 2 };
}

function readPorts(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

async function getJson(path: string) {
  const response = await fetch(`${stack.controlUrl}${path}`);
  return parseJson(await response.text());
}
