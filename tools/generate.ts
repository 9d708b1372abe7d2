import { globSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { definitions } from '../libs/broker/src/definitions.ts';
import { brokerUsers, wholeTopology } from '../libs/protocol/src/index.ts';
import {
  brokerFields,
  databaseFields,
  type EnvSampleSection,
  envSample,
  serviceFields,
} from '../libs/service/src/index.ts';
import { sources as sandboxSources } from '../services/sandbox/src/sources.ts';
import { behaviourPage, guideWithScores } from './generated/behaviour-table.ts';
import { composeFile } from './generated/compose-taps.ts';
import { demoEnvironment } from './generated/demo-environment.ts';
import { failuresPage } from './generated/failures-page.ts';
import { faultTextsPage } from './generated/fault-texts-page.ts';
import { withSection } from './generated/marked-section.ts';
import { protectionsPage } from './generated/protections-page.ts';
import { withSecurityPoints } from './generated/security-table.ts';
import { withStatusTables } from './generated/status-tables.ts';
import { tapReadmes } from './generated/streams-table.ts';
import { tapFolders } from './taps.ts';

const ROOT = resolve(import.meta.dirname, '..');
const taps = await tapFolders(ROOT);
const sources = taps.map(({ source }) => source);

const LEFT_OUT = 'Without credentials its pipeline is left out.';

/** Files that say in another form what the code says, so nobody edits them. `--check` fails when one is not current. */
const generated: Record<string, () => string | Promise<string>> = {
  'ARCHITECTURE.md': async () => withStatusTables(await readFile(join(ROOT, 'ARCHITECTURE.md'), 'utf8')),
  '.env.sample': async () => envSample(await envSections()),
  'SECURITY.md': () => withSecurityPoints(ROOT),
  'docs/reference/failures.md': failuresPage,
  'docs/reference/fault-texts.md': () => faultTextsPage(ROOT),
  'docs/reference/protections.md': () => protectionsPage(ROOT),
  'docs/guides/target-postgres.md': () => guideWithScores(ROOT),
  'benchmarks/results/behaviour.md': behaviourPage,
  'docker-compose.yml': () => composeFile(ROOT, taps),
  'docker/monitoring/prometheus.yml': () => prometheusFile(),
  'docker/node/demo-sources.env': () => demoEnvironment(taps, sandboxSources),
  ...(await tapReadmes(ROOT, taps)),
  'docker/rabbitmq/definitions.json': () => brokerDefinitions(),
};

/** As Biome formats JSON: a list of one text stays on its line. */
function brokerDefinitions(): string {
  const text = JSON.stringify(definitions({ topology: wholeTopology(sources), users: brokerUsers(sources) }), null, 2);
  return `${text.replaceAll(/\[\s+("[^"]*")\s+\]/g, '[$1]')}\n`;
}

function prometheusFile(): Promise<string> {
  const names = ['loader', 'dbt-runner', ...sources.map((source) => `tap-${source}`)].join(', ');
  const markers = { begin: '# services: generated from services/tap-*', end: '        # end of services' };
  return withSection(join(ROOT, 'docker/monitoring/prometheus.yml'), markers, `      - names: [${names}]`);
}

const isCheck = process.argv.includes('--check');
for (const [path, generate] of Object.entries(generated)) {
  const text = await generate();
  const file = join(ROOT, path);
  const isCurrent = (await readFile(file, 'utf8').catch(() => undefined)) === text;
  if (isCurrent) continue;
  if (isCheck) {
    process.stderr.write(`${path} is not current: run npm run generate\n`);
    process.exitCode = 1;
    continue;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  process.stdout.write(`wrote ${path}\n`);
}

/** A workspace with variables of its own exports them from `src/config.ts` as the zod object `config`. */
async function envSections(): Promise<EnvSampleSection[]> {
  const note = 'Unset, compose and run.sh start one of their own.';
  const sections: EnvSampleSection[] = [
    ...taps.map(({ source, variables }) => ({ title: `tap-${source}`, note: LEFT_OUT, schema: variables })),
    { title: 'PostgreSQL', note, schema: z.object(databaseFields) },
    { title: 'RabbitMQ', note, schema: z.object(brokerFields) },
  ];
  for (const path of globSync('{services,libs}/*/src/config.ts', { cwd: ROOT }).sort().reverse()) {
    const { config: schema }: { config?: unknown } = await import(join(ROOT, path));
    if (schema instanceof z.ZodObject) sections.push({ title: path.split('/')[1] ?? path, schema });
  }
  return [...sections, { title: 'every service', schema: z.object(serviceFields) }];
}
