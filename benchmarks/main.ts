import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTestStack } from '@pipeline/testing';
import { writeDataset } from './dataset.ts';
import type { Measurement } from './measurement.ts';
import { printTable, type Result, saveResults, summarise } from './report.ts';
import { systemsUnderTest } from './systems.ts';

const HELP = `npm run bench -- [options]
  --shape hubspot                      kind of data: narrow, hubspot, wide, nested, large
  --rows 300000                        records
  --series new,updates,half,append     what is measured (new,updates,append)
  --replicas 1,2,4                     loaders behind RabbitMQ; empty for none (1,2,4)
  --repeats 3                          times that each system is measured, in turns; the median counts
  --target "name=command"              another Singer target, with the same file on its standard input; {config} is replaced by a
                                       configuration file for it
TEST_STACK_CONNECTIONS names running servers; without it the servers of the tests are started.
`;

const { values } = parseArgs({
  options: {
    shape: { type: 'string', default: 'hubspot' },
    rows: { type: 'string', default: '300000' },
    series: { type: 'string', default: 'new,updates,append' },
    replicas: { type: 'string', default: '1,2,4' },
    repeats: { type: 'string', default: '3' },
    target: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const list = (text: string) => text.split(',').filter((item) => item !== '');

/** Series, and the first record of what is in the table before. */
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
  const systems = systemsUnderTest(
    { folder, data, first },
    { targets: values.target, replicas: list(values.replicas).map(Number) },
  );
  const measured = new Map(systems.map(({ name }): [string, Measurement[]] => [name, []]));
  for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
    for (const { name, run } of systems) {
      const measurement = await run();
      measured.get(name)?.push(measurement);
      process.stderr.write(`${name}, ${series}: ${Math.round(rows / measurement.seconds)} rows/s\n`);
    }
  }
  return summarise(measured, { series, rows, limit: first === undefined ? 'COPY' : 'ready upsert' });
}
