import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTestDatabase, startTestStack } from '@pipeline/testing';
import { readFixtures } from '../../services/target-postgres/test/fixture.ts';
import { installPeers, type Peer } from './peers.ts';
import { passes } from './run-case.ts';

const HELP = `node benchmarks/behaviour/main.ts [options]
Runs the behaviour cases of target-postgres on it and on other Singer targets, which are installed from PyPI, and counts what each passes.
  --only existing                      cases whose name contains this
  --peers MeltanoLabs,PipelineWise     the others; empty for none
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    peers: { type: 'string', default: 'MeltanoLabs,PipelineWise' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'behaviour-'));
  const stack = process.env['TEST_STACK_CONNECTIONS'] === undefined ? await startTestStack() : undefined;
  if (stack !== undefined) process.env['TEST_STACK_CONNECTIONS'] = JSON.stringify(stack.connections);
  const database = await createTestDatabase();
  try {
    const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pipeline', 'peers');
    const ours: Peer = {
      name: 'ours',
      program: join(import.meta.dirname, '../../node_modules/.bin/target-postgres'),
      config: {},
    };
    const targets = [ours, ...installPeers(cache, values.peers.split(','))];
    const cases = readFixtures().filter(({ name }) => name.includes(values.only));
    const scores = new Map<string, Map<string, number>>();
    for (const fixture of cases) {
      const [kind = ''] = fixture.name.split('/');
      const score = scores.get(kind) ?? new Map<string, number>([['cases', 0]]);
      scores.set(kind, score.set('cases', (score.get('cases') ?? 0) + 1));
      for (const target of targets) {
        const isPassed = await passes(database, folder, target, fixture);
        score.set(target.name, (score.get(target.name) ?? 0) + (isPassed ? 1 : 0));
        if (!isPassed) process.stderr.write(`${target.name} does not pass ${fixture.name}\n`);
      }
    }
    process.stdout.write(`| kind | cases | ${targets.map(({ name }) => name).join(' | ')} |\n`);
    for (const [kind, score] of scores) process.stdout.write(`| ${kind} | ${[...score.values()].join(' | ')} |\n`);
  } finally {
    await database.drop();
    await stack?.stop();
    rmSync(folder, { recursive: true });
  }
}
