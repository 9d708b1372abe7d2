import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandbox } from '../services/sandbox/src/sandbox.ts';
import { sources } from '../services/sandbox/src/sources.ts';
import { firstLoad } from '../tests/support/first-load.ts';
import { tapFolders } from '../tools/taps.ts';

// Reads an account of any size once with a tap's executable, under the memory settings of its container, and compares every row with the sandbox's
// truth: `npm run first-load -- wrike --deals 100000 [--streams tasks,timelogs] [--factor 10]`. Other objects follow the number of deals in
// proportion; the factor is how many times faster than the source's limits.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    deals: { type: 'string', default: '100000' },
    factor: { type: 'string', default: '1' },
    streams: { type: 'string' },
  },
});
const [name = ''] = positionals;
const tap = (await tapFolders(join(import.meta.dirname, '..'))).find(({ source }) => source === name)?.tap;
const imitated = sources.find((source) => source.name === name);
if (tap === undefined || imitated === undefined) {
  throw new RangeError(`of which source? ${sources.map((source) => source.name).join(', ')}`);
}
const factor = Number(values.factor);
const sandbox = await startSandbox({ deals: Number(values.deals), rateLimitFactor: factor, only: [name] });
try {
  const streams = values.streams?.split(',');
  const settings = imitated.tapSettings(sandbox.url(name));
  const report = await firstLoad({ ...{ source: name, tap, sandbox, settings, streams, factor } });
  const requests = Object.values(report.requests).reduce((sum, count) => sum + count, 0);
  process.stdout.write(`${JSON.stringify({ ...report, total: requests }, undefined, 1)}\n`);
  process.exitCode = report.exitCode === 0 && report.differences === 0 ? 0 : 1;
} finally {
  await sandbox.stop();
}
