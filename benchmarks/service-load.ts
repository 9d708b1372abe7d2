import { parseArgs } from 'node:util';
import { startLocalServers } from '@pipeline/testing';
import { containerSettings } from '../tests/support/container-settings.ts';
import { serviceLoad } from '../tests/support/service-load.ts';

// Reads an account of any size once with the services themselves, far faster than a source allows it, and prints what each has used:
// `node benchmarks/service-load.ts hubspot --deals 100000 --streams deals,deals_contacts [--environment MALLOC_ARENA_MAX=1]`. The tap has the memory
// settings of its container, and those of --environment, which every service has.

const TIMEOUT_MS = 600_000;
const MB = 1_000_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    deals: { type: 'string', default: '100000' },
    streams: { type: 'string' },
    environment: { type: 'string', multiple: true, default: [] },
  },
});
const [source = 'hubspot'] = positionals;
const environment = Object.fromEntries(values.environment.map((variable) => variable.split(/=(.*)/, 2)));
const servers = await startLocalServers();
try {
  const { seconds, rows, usage } = await serviceLoad({
    ...{ source, servers, environment, deals: Number(values.deals), streams: values.streams?.split(',') },
    tapEnvironment: { ...containerSettings(`tap-${source}`), ...environment },
    timeoutMs: TIMEOUT_MS,
  });
  process.stdout.write(`${rows} rows in ${seconds.toFixed(1)} s\n`);
  for (const [service, { resident, anonymous, cpuSeconds }] of Object.entries(usage)) {
    const memory = `${(resident / MB).toFixed(0)} MB resident, ${(anonymous / MB).toFixed(0)} MB anonymous`;
    process.stdout.write(`${service}: at most ${memory}; ${cpuSeconds.toFixed(1)} s CPU\n`);
  }
} finally {
  await servers.stop();
}
