import { CYCLE_TIMEOUT_MS, expectExact, sized, startChaosPlatform } from '../support/chaos.ts';
import { armFailpoints } from '../support/failpoints.ts';
import type { Platform } from '../support/platform.ts';

type Armed = Record<string, string[]>;

/** Every place where a process may die between two effects, spread over the services so that a few cycles meet them all. */
const ROUNDS: { name: string; armed: Armed }[] = [
  {
    name: 'before anything is durable',
    armed: {
      'tap-hubspot': ['tap.after_claim:1'],
      'tap-xero': ['tap.before_publish:2'],
      'tap-wrike': ['tap.after_publish_before_confirm:2'],
      loader: ['loader.after_copy:2'],
      'loader-2': ['loader.before_commit:2'],
      scheduler: ['scheduler.after_run_insert:1'],
    },
  },
  {
    name: 'when the other side does not know yet',
    armed: {
      'tap-hubspot': ['tap.after_confirm:2'],
      'tap-xero': ['tap.after_token_response:1'],
      'tap-wrike': ['tap.before_final:1'],
      loader: ['loader.after_commit_before_ack:2'],
      'loader-2': ['loader.after_ack_before_finalise:2'],
      scheduler: ['relay.after_publish_before_mark:2'],
    },
  },
  {
    name: 'around the finaliser',
    armed: { loader: ['finaliser.before_commit:3'], 'loader-2': ['finaliser.after_commit:3'] },
  },
];

/** The full form: each point alone, once and twice in a row. With one loader, or the other might leave it nothing to do. */
function eachAlone(): { name: string; armed: Armed }[] {
  const points = ROUNDS.flatMap(({ armed }) => Object.entries(armed));
  return points.flatMap(([name, [point = '']]) => {
    const service = name === 'loader-2' ? 'loader' : name;
    return [
      { name: `at ${point}`, armed: { [service]: [point] } },
      { name: `at ${point}, twice in a row`, armed: { [service]: [point, point.replace(/\d+$/, '1')] } },
    ];
  });
}

const LOADERS = sized({ ci: ['loader', 'loader-2'], full: ['loader'] });

describe('a process that dies', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startChaosPlatform({
      sandbox: { deals: 150 },
      services: [...LOADERS, 'tap-hubspot', 'tap-xero', 'tap-wrike', 'scheduler'],
    });
    // So that there is something to lose.
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
  }, CYCLE_TIMEOUT_MS);
  afterAll(() => platform.stop(), 60_000);

  it.each(sized({ ci: ROUNDS, full: eachAlone() }))(
    '$name loses nothing and doubles nothing',
    async ({ armed }) => {
      platform.sandbox.mutations.start({ count: 100, seed: 3 });
      platform.sandbox.api('xero').expireTokens();
      const crashes = await armFailpoints(platform, armed);
      try {
        expect(await platform.runCycle({ fullRead: true, timeoutMs: CYCLE_TIMEOUT_MS })).toBe('succeeded');
        expect(crashes.pending()).toEqual([]);
        await expectExact(platform);
      } finally {
        crashes.stop();
      }
    },
    CYCLE_TIMEOUT_MS + 60_000,
  );
});
