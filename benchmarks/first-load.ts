import { parseArgs } from 'node:util';
import { source as hubspot } from '../services/sandbox/src/hubspot/source.ts';
import { startSandbox } from '../services/sandbox/src/sandbox.ts';
import { source as wrike } from '../services/sandbox/src/wrike/source.ts';
import { source as xero } from '../services/sandbox/src/xero/source.ts';
import { tap as tapHubspot } from '../services/tap-hubspot/src/tap.ts';
import { tap as tapWrike } from '../services/tap-wrike/src/tap.ts';
import { tap as tapXero } from '../services/tap-xero/src/tap.ts';
import { firstLoad } from '../tests/support/first-load.ts';

// Reads an account of any size once with a tap's executable, under the memory settings of its container, and compares every row with the sandbox's
// truth: `npm run first-load -- wrike --size 100000 [--streams tasks,timelogs] [--factor 10]`. The size is that of the largest stream (deals,
// invoices, tasks), the factor how many times faster than the source's limits.

/** How many rows of the largest stream one deal of the sandbox makes. */
const SOURCES = {
  hubspot: { tap: tapHubspot, sandbox: hubspot, perDeal: 1 },
  wrike: { tap: tapWrike, sandbox: wrike, perDeal: 2 },
  xero: { tap: tapXero, sandbox: xero, perDeal: 1 },
};
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '100000' },
    factor: { type: 'string', default: '1' },
    streams: { type: 'string' },
  },
});
const name = positionals[0] ?? '';
if (!isSource(name)) throw new RangeError(`of which source? ${Object.keys(SOURCES).join(', ')}`);
const { tap, sandbox: imitated, perDeal } = SOURCES[name];
const factor = Number(values.factor);
const sandbox = await startSandbox({ deals: Number(values.size) / perDeal, rateLimitFactor: factor, only: [name] });
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

function isSource(text: string): text is keyof typeof SOURCES {
  return Object.hasOwn(SOURCES, text);
}
