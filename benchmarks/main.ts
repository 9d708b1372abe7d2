import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateControl } from '@pipeline/control';
import { createTestDatabase, createTestVhost, startTestStack } from '@pipeline/testing';
import { type Dataset, STREAM, writeDataset } from './dataset.ts';
import { measureCopy, measureReadyUpsert } from './limit.ts';
import type { Measurement } from './measurement.ts';
import { printTable, type Result, saveResults } from './report.ts';
import { measureTarget } from './target-process.ts';
import { LoaderFleet } from './through-rabbitmq.ts';

const HELP = `npm run bench -- [options]
  --shape narrow|hubspot|wide|nested   kind of data (hubspot)
  --rows 300000                        records
  --series new,updates,half,append     what is measured (new,updates)
  --replicas 1,2,4                     loaders behind RabbitMQ; empty for none (1,2,4)
  --target "name=command"              another Singer target, with the same file on its standard input; {config} is replaced by a
                                       configuration file for it
TEST_STACK_CONNECTIONS names running servers; without it the servers of the tests are started.
`;

const { values } = parseArgs({
  options: {
    shape: { type: 'string', default: 'hubspot' },
    rows: { type: 'string', default: '300000' },
    series: { type: 'string', default: 'new,updates' },
    replicas: { type: 'string', default: '1,2,4' },
    target: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const list = (text: string) => text.split(',').filter((item) => item !== '');
const OWN_TARGET = `${process.execPath} --disable-warning=ExperimentalWarning ${join(import.meta.dirname, '../services/loader/src/target/main.ts')} --config {config}`;

/** Series, and whether rows of an earlier load are in the table. */
const SERIES = {
  new: { hasKey: true, before: undefined, firstId: 0 },
  updates: { hasKey: true, before: 0, firstId: 0 },
  half: { hasKey: true, before: 0, firstId: Math.floor(rows / 2) },
  append: { hasKey: false, before: undefined, firstId: 0 },
} as const;
type SeriesName = keyof typeof SERIES;

if (values.help) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const stack = process.env['TEST_STACK_CONNECTIONS'] === undefined ? await startTestStack() : undefined;
  if (stack !== undefined) process.env['TEST_STACK_CONNECTIONS'] = JSON.stringify(stack.connections);
  const results: Result[] = [];
  try {
    for (const series of list(values.series)) {
      if (!isSeries(series)) throw new RangeError(`there is no series "${series}"`);
      results.push(...(await measureSeries(folder, series)));
    }
    printTable(results);
    const path = saveResults(values, stack?.connections.kind ?? 'given', results);
    process.stdout.write(`\nkept in ${path}\n`);
  } finally {
    rmSync(folder, { recursive: true });
    await stack?.stop();
  }
}

function isSeries(name: string): name is SeriesName {
  return Object.hasOwn(SERIES, name);
}

async function measureSeries(folder: string, series: SeriesName): Promise<Result[]> {
  const { hasKey, before, firstId } = SERIES[series];
  const shape = { shape: values.shape, rows, hasKey };
  const data = writeDataset(folder, { ...shape, firstId });
  const first = before === undefined ? undefined : writeDataset(folder, { ...shape, firstId: before });
  const limits = await measureLimits(folder, data, first);
  const limit = limits.at(-1);
  const results: Result[] = [];
  const note = (system: string, measured: Measurement) => {
    const ratio = (limit?.measured.seconds ?? Number.NaN) / measured.seconds;
    results.push({ ...measured, system, series, rows, limit: limit?.name ?? '', ratio });
    process.stderr.write(`${system}, ${series}: ${Math.round(rows / measured.seconds)} rows/s\n`);
  };
  for (const { name, measured } of limits) note(name, measured);
  note('target-postgres', await measureTargetFresh(folder, OWN_TARGET, data, first));
  for (const target of values.target) {
    const [name = '', ...command] = target.split('=');
    note(name, await measureTargetFresh(folder, command.join('='), data, first));
  }
  for (const replicas of list(values.replicas).map(Number)) {
    note(`RabbitMQ, ${replicas} loaders`, await measureFleet(replicas, data, first));
  }
  return results;
}

/** Raw COPY into an empty table; for rows that exist, also the upsert of ready text. Into the table that the target makes. */
async function measureLimits(folder: string, data: Dataset, first: Dataset | undefined) {
  return withDatabase(async (database) => {
    await makeTable(folder, database.options, data);
    const { rows: columnRows } = await database.pool.query<{ column_name: string }>(
      `select column_name from pipeline.target_columns`,
    );
    const byName = new Map(columnRows.map(({ column_name }) => [column_name.replaceAll('_', ''), column_name]));
    const columns = data.columns.map((column) => byName.get(column.toLowerCase().replaceAll('_', '')) ?? column);
    const table = `public.${STREAM}`;
    const copy = await measureCopy(database.pool, table, columns, first ?? data);
    if (first === undefined) return [{ name: 'COPY', measured: copy }];
    return [
      { name: 'COPY', measured: copy },
      { name: 'ready upsert', measured: await measureReadyUpsert(database.pool, table, columns, data) },
    ];
  });
}

async function makeTable(folder: string, options: DatabaseAddress, data: Dataset): Promise<void> {
  const schemaFile = join(folder, 'schema.singer');
  writeFileSync(schemaFile, `${data.schemaLine}\n`);
  await measureTarget(commandOf(folder, OWN_TARGET, options), { ...data, singerFile: schemaFile });
}

async function measureTargetFresh(
  folder: string,
  command: string,
  data: Dataset,
  first: Dataset | undefined,
): Promise<Measurement> {
  return withDatabase(async ({ options }) => {
    const words = commandOf(folder, command, options);
    if (first !== undefined) await measureTarget(words, first);
    return measureTarget(words, data);
  });
}

async function measureFleet(replicas: number, data: Dataset, first: Dataset | undefined): Promise<Measurement> {
  return withDatabase(async (database) => {
    await migrateControl(database.pool);
    const vhost = await createTestVhost();
    const fleet = await LoaderFleet.start(database, vhost, replicas);
    try {
      if (first !== undefined) await fleet.measure(first);
      return await fleet.measure(data);
    } finally {
      await fleet.stop();
      await vhost.delete();
    }
  });
}

type Database = Awaited<ReturnType<typeof createTestDatabase>>;
type DatabaseAddress = Database['options'];

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await createTestDatabase();
  try {
    // Everyone begins with the work of the one before on disk.
    await database.pool.query('checkpoint');
    return await work(database);
  } finally {
    await database.drop();
  }
}

function commandOf(
  folder: string,
  command: string,
  { host, port, user, password, database }: DatabaseAddress,
): string[] {
  const config = join(folder, 'target-config.json');
  writeFileSync(
    config,
    JSON.stringify({ host, port, user, password, dbname: database, database, default_target_schema: 'public' }),
  );
  return command.split(' ').map((word) => (word === '{config}' ? config : word));
}
