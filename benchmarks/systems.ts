import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrateControl } from '@pipeline/control';
import { nodeOptions } from '@pipeline/service/config';
import { createTestDatabase, createTestVhost } from '@pipeline/testing';
import { type Dataset, STREAM } from './dataset.ts';
import { copyInto, measureCopy, measureReadyUpsert, type ReadyTable } from './limit.ts';
import type { Measurement } from './measurement.ts';
import { measureTarget } from './target-process.ts';
import { LoaderFleet } from './through-rabbitmq.ts';

/** Something that loads the records of a series, on a database of its own each time. */
export interface System {
  name: string;
  run: () => Promise<Measurement>;
}

export interface Series {
  folder: string;
  data: Dataset;
  /** What is in the table before. */
  first: Dataset | undefined;
}

const OWN_TARGET = `${process.execPath} ${nodeOptions('target-postgres').join(' ')} ${join(import.meta.dirname, '../services/target-postgres/src/main.ts')} --config {config}`;

/** The physical limit, our target on standard input, other targets, and our loaders behind RabbitMQ. */
export function systemsUnderTest(series: Series, options: { targets: string[]; replicas: number[] }): System[] {
  const { first } = series;
  return [
    { name: 'COPY', run: () => withReadyTable(series, (table) => measureCopy(table, first ?? series.data)) },
    ...(first === undefined ? [] : [{ name: 'ready upsert', run: () => measureUpsert(series, first) }]),
    { name: 'target-postgres', run: () => measureTargetFresh(series, OWN_TARGET) },
    ...options.targets.map((target) => {
      const [name = '', ...command] = target.split('=');
      return { name, run: () => measureTargetFresh(series, command.join('=')) };
    }),
    ...options.replicas.map((replicas) => ({
      name: `RabbitMQ, ${replicas} ${replicas === 1 ? 'loader' : 'loaders'}`,
      run: () => measureFleet(series, replicas),
    })),
  ];
}

function measureUpsert(series: Series, first: Dataset): Promise<Measurement> {
  return withReadyTable(series, async (table) => {
    await copyInto(table, first);
    return measureReadyUpsert(table, series.data);
  });
}

/** The very table that the loader makes, empty. */
async function withReadyTable<T>({ folder, data }: Series, work: (table: ReadyTable) => Promise<T>): Promise<T> {
  return withDatabase(async (database) => {
    const schemaFile = join(folder, 'schema.singer');
    writeFileSync(schemaFile, `${data.schemaLine}\n`);
    await measureTarget(commandOf(folder, OWN_TARGET, database.options), { ...data, singerFile: schemaFile });
    const { rows } = await database.pool.query<{ property: string; column_name: string }>(
      'select property, column_name from pipeline.target_columns',
    );
    const names = new Map(rows.map(({ property, column_name }) => [property, column_name]));
    const columns = data.columns.map((property) => names.get(property) ?? property);
    return work({ pool: database.pool, name: `public.${STREAM}`, columns });
  });
}

async function measureTargetFresh({ folder, data, first }: Series, command: string): Promise<Measurement> {
  return withDatabase(async ({ options }) => {
    const words = commandOf(folder, command, options);
    if (first !== undefined) await measureTarget(words, first);
    return measureTarget(words, data);
  });
}

async function measureFleet({ data, first }: Series, replicas: number): Promise<Measurement> {
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

function commandOf(folder: string, command: string, address: Database['options']): string[] {
  const { host, port, user, password, database } = address;
  const config = join(folder, 'target-config.json');
  writeFileSync(
    config,
    JSON.stringify({ host, port, user, password, dbname: database, database, default_target_schema: 'public' }),
  );
  return command.split(' ').map((word) => (word === '{config}' ? config : word));
}
