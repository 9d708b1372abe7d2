import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTestDatabase, startTestStack, type TestDatabase } from '@pipeline/testing';
import { type Fixture, readFixtures } from '../../services/target-postgres/test/fixture.ts';
import { OURS, readComparison, saveComparison, scoresByKind, scoreTable } from './comparison.ts';
import { installPeers, type Peer } from './peers.ts';
import { withRenamedStream } from './renamed-stream.ts';
import { passes } from './run-case.ts';

const HELP = `node benchmarks/behaviour/main.ts [options]
Runs the behaviour cases of target-postgres on it and on other Singer targets, which are installed from PyPI, counts what each passes, and keeps it
in benchmarks/results/behaviour.json. npm run generate writes the tables from there.
  --only existing    cases whose name contains this; what was found of the others stays
`;

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, help: { type: 'boolean', default: false } },
});

if (values.help) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'behaviour-'));
  const stack = process.env['TEST_STACK_CONNECTIONS'] === undefined ? await startTestStack() : undefined;
  if (stack !== undefined) process.env['TEST_STACK_CONNECTIONS'] = JSON.stringify(stack.connections);
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pipeline', 'peers');
  const ours: Peer = {
    name: OURS,
    version: 'of this repository',
    program: join(import.meta.dirname, '../../node_modules/.bin/target-postgres'),
    config: {},
  };
  // A database each: publications and settings of roles belong to it.
  const targets = await Promise.all(
    [ours, ...installPeers(cache)].map(async (peer) => ({ peer, database: await createTestDatabase() })),
  );
  try {
    const all = readFixtures();
    const cases = { ...knownOf(all) };
    for (const fixture of all.filter(({ name }) => name.includes(values.only))) {
      cases[fixture.name] = await compare(targets, folder, fixture);
    }
    const comparison = {
      at: new Date().toISOString(),
      targets: Object.fromEntries(targets.map(({ peer }) => [peer.name, peer.version])),
      cases: Object.fromEntries(Object.entries(cases).sort(([a], [b]) => (a < b ? -1 : 1))),
    };
    saveComparison(comparison);
    process.stdout.write(`${scoreTable(scoresByKind(comparison))}\n`);
  } finally {
    await Promise.all(targets.map(({ database }) => database.drop()));
    await stack?.stop();
    rmSync(folder, { recursive: true });
  }
}

/** What earlier runs found of cases that are still there. */
function knownOf(fixtures: Fixture[]): Record<string, string[]> {
  const names = new Set(fixtures.map(({ name }) => name));
  return Object.fromEntries(Object.entries(readComparison()?.cases ?? {}).filter(([name]) => names.has(name)));
}

/** Names of the targets that pass. */
async function compare(
  targets: { peer: Peer; database: TestDatabase }[],
  folder: string,
  fixture: Fixture,
): Promise<string[]> {
  const renamed = withRenamedStream(fixture);
  const results = await Promise.all(
    targets.map(async ({ peer, database }) => ({ peer, isPassed: await passes(database, folder, peer, renamed) })),
  );
  for (const { peer, isPassed } of results) {
    if (!isPassed) process.stderr.write(`${peer.name} does not pass ${fixture.name}\n`);
  }
  return results.filter(({ isPassed }) => isPassed).map(({ peer }) => peer.name);
}
