import { firstLoad } from '../../../tests/support/first-load.ts';
import { type Sandbox, startSandbox } from '../../sandbox/src/sandbox.ts';
import { source } from '../../sandbox/src/wrike/source.ts';
import { tap } from '../src/tap.ts';

/** As many as pages of which four are read at once; more of them take more time, and no more memory: `npm run first-load -- wrike`. */
const TASKS = 12_000;
const PAGE_ROWS = 1_000;
const MEMORY_MB = 160;
const REQUESTS_FACTOR = 1.05;
/** Requests that do not grow with the account: the account, definitions of fields, counts, the last page of each walk. */
const REQUESTS_FIXED = 12;
const TEST_TIMEOUT_MS = 120_000;

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

it(
  'a first load brings every row with hardly a request more than its pages, within the memory of the container',
  async () => {
    sandbox = await startSandbox({ deals: TASKS / 2, only: ['wrike'], rateLimitFactor: 1_000 });
    const children = ['task_parents', 'task_super_tasks', 'task_assignees', 'task_custom_fields'];
    const streams = ['tasks', ...children, 'timelogs'];
    const settings = source.tapSettings(sandbox.url('wrike'));
    const load = await firstLoad({ ...{ source: 'wrike', tap, sandbox, settings, streams, factor: 1_000 } });
    const minimum = ['tasks', 'timelogs'].reduce(
      (pages, stream) => pages + Math.ceil((sandbox.truth('wrike', stream).count ?? 0) / PAGE_ROWS),
      0,
    );
    const requests = Object.values(load.requests).reduce((sum, count) => sum + count, 0);
    expect([load.exitCode, load.differences, load.examples]).toEqual([0, 0, []]);
    expect(requests).toBeLessThanOrEqual(minimum * REQUESTS_FACTOR + REQUESTS_FIXED);
    expect(load.memoryMb).toBeLessThan(MEMORY_MB);
  },
  TEST_TIMEOUT_MS,
);
