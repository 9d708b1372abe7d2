/** How fast the scheduler responds with a long history behind it: 10,000 runs and 500,000 batches. Prints the median of each list and of what the
 *  first page asks for, what fifty open pages cost, and the memory of the process. `node benchmarks/control-plane.ts` */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Route, routes } from '@pipeline/protocol/api';
import { startTestStack } from '@pipeline/testing';

const RUNS = 10_000;
const BATCHES_PER_ATTEMPT = 25;
const REQUESTS = 15;
const PAGES = 50;
const PAGES_SECONDS = 20;
const MEDIAN_MS_MAX = 50;
const CORE_SHARE_MAX = 0.1;

const stack = await startTestStack();
process.env['TEST_STACK_CONNECTIONS'] = JSON.stringify(stack.connections);
const { startApiServer } = await import('../services/scheduler/test/support/api-server.ts');
const { seedHistory } = await import('../libs/control/test/history.ts');
const server = await startApiServer();
try {
  const startedAt = performance.now();
  await seedHistory(server.database.pool, RUNS, BATCHES_PER_ATTEMPT);
  print(`${RUNS} runs, ${RUNS * 2 * BATCHES_PER_ATTEMPT} batches, made in ${seconds(startedAt)} s`);
  await measureLists();
  await measurePages();
  print(
    `memory ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB, with the driver of this measurement in the same process`,
  );
} finally {
  await server.close();
  await stack.stop();
}

async function measureLists(): Promise<void> {
  const run = (await server.call('GET', '/runs?limit=1')).json.items[0].id as string;
  const lists = (Object.entries(routes) as [string, Route][]).filter(
    ([name, { method }]) => method === 'GET' && name !== 'streamEvents',
  );
  const paths = lists.flatMap(([name, { path, params }]) => {
    const known = path
      .replace('/api', '')
      .replace(':source', 'test')
      .replace(':stream', 'deals')
      .replace('runs/:id', `runs/${run}`);
    return params === undefined || !known.includes(':') ? [[name, known] as const] : [];
  });
  const slow: string[] = [];
  for (const [name, path] of [
    ...paths,
    ['listRuns failed', '/runs?status=failed'],
    ['listCycles failed', '/cycles?status=failed'],
    ['listCycles rejected', '/cycles?rejected=true'],
  ] as const) {
    const first = performance.now();
    const { status } = await server.call('GET', path);
    const firstMs = performance.now() - first;
    const times: number[] = [];
    for (let count = 0; count < REQUESTS; count += 1) {
      const from = performance.now();
      await server.call('GET', path);
      times.push(performance.now() - from);
    }
    const median = times.toSorted((a, b) => a - b)[Math.floor(REQUESTS / 2)] ?? 0;
    if (median > MEDIAN_MS_MAX) slow.push(name);
    print(
      `${status} ${name.padEnd(24)} median ${median.toFixed(1).padStart(7)} ms   first ${firstMs.toFixed(0).padStart(6)} ms`,
    );
  }
  print(
    slow.length === 0 ? `every median is under ${MEDIAN_MS_MAX} ms` : `over ${MEDIAN_MS_MAX} ms: ${slow.join(', ')}`,
  );
}

async function measurePages(): Promise<void> {
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${server.tokens.viewer}` };
  const open = await Promise.all(
    Array.from({ length: PAGES }, () => fetch(`${server.url}/api/events`, { headers, signal: stop.signal })),
  );
  const reading = open.map(async ({ body }) => {
    for await (const _ of body ?? []) if (stop.signal.aborted) return;
  });
  await sleep(2_000);
  const before = process.cpuUsage();
  const from = performance.now();
  await sleep(PAGES_SECONDS * 1_000);
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1_000 / (performance.now() - from);
  print(
    `${PAGES} open pages: ${(share * 100).toFixed(1)} % of a core (at most ${CORE_SHARE_MAX * 100} %), the readers included`,
  );
  stop.abort();
  await Promise.allSettled(reading);
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1_000).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
