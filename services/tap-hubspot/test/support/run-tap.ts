import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { programEnvironment } from '@pipeline/testing';

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');

/** Runs the Singer executable on these streams of the account at this address. */
export async function runTap(url: string, select: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'tap-hubspot-'));
  const config = join(folder, 'config.json');
  const catalog = join(folder, 'catalog.json');
  await writeFile(config, JSON.stringify({ access_token: 'pat-na1-sandbox', base_url: url }));
  const streams = select.map((name) => ({
    stream: name,
    tap_stream_id: name,
    schema: {},
    metadata: [{ breadcrumb: [], metadata: { selected: true } }],
  }));
  await writeFile(catalog, JSON.stringify({ streams }));
  const child = spawn(process.execPath, [MAIN, '--config', config, '--catalog', catalog], {
    env: { ...programEnvironment(), TAP_RATE_LIMIT_FACTOR: '1000' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  await rm(folder, { recursive: true });
  const lines = stdout.split('\n');
  const records = lines.filter((line) => line.startsWith('{"type":"RECORD"'));
  const state = lines.filter((line) => line.startsWith('{"type":"STATE"')).at(-1) ?? '{}';
  return { records, state: JSON.parse(state).value, stderr, code };
}
