import { join, resolve } from 'node:path';
import { startPostgres } from '@pipeline/local-stack';
import { createPool, type DatabaseOptions } from '@pipeline/postgres';
import { type JsonObject, parseJson } from '@pipeline/singer';
import { compareStream } from '@pipeline/testing';
import { startSandbox } from '../services/sandbox/src/sandbox.ts';
import { demoAt, demoDatabase } from './demo-at.ts';
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
  const { control, database } = demoAt(dataDir);
  const isUp = await fetch(`${control}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
  return isUp ? { controlUrl: control, database, stop: async () => undefined } : undefined;
}

async function ownStack(): Promise<Stack> {
  const server = await startPostgres({ dataDir: join(dataDir, 'postgres'), database: 'pipeline' });
  const sandbox = await startSandbox({ deals: Number(process.env['SANDBOX_DEALS'] ?? 200) });
  return {
    controlUrl: sandbox.url('control'),
    database: demoDatabase(server.port, server.password),
    stop: async () => {
      await sandbox.stop();
      await server.stop();
    },
  };
}

async function getJson(path: string) {
  const response = await fetch(`${stack.controlUrl}${path}`);
  return parseJson(await response.text());
}
