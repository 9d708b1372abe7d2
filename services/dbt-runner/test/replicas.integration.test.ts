import { waitFor } from '@pipeline/testing';
import { BUILD_TIMEOUT_MS, type Run, useScene } from './support/scene.ts';

const RUNNERS = 3;

describe('three dbt-runners', () => {
  const scene = useScene();

  beforeAll(async () => {
    await Promise.all(Array.from({ length: RUNNERS }, () => scene.startRunner()));
  }, RUNNERS * BUILD_TIMEOUT_MS);
  afterAll(() => scene.stopRunners(), BUILD_TIMEOUT_MS);

  /** The runner that has begun this attempt. */
  const builderOf = ({ epoch }: Run) => {
    const runner = scene.runners.find((one) => one.log().includes(`"epoch":${epoch},"sources"`));
    if (runner === undefined) throw new Error(`nobody has begun attempt ${epoch}`);
    return runner;
  };
  const live = async (cycleId: string) => {
    const run = await scene.runOf(cycleId);
    if (run === undefined) throw new Error('the build is not recorded');
    return run;
  };

  it('builds one at a time, whoever of them is killed', async () => {
    for (let kill = 0; kill < RUNNERS - 1; kill += 1) {
      await scene.closeGate();
      const cycleId = await scene.announce('hubspot');
      await scene.building(cycleId);
      const run = await live(cycleId);
      // Its dbt and its statement in PostgreSQL may outlive it for a moment.
      await builderOf(run).kill();
      await scene.expireLease(run);
      await waitFor(async () => (await scene.runOf(cycleId))?.attempts === 2, { timeoutMs: BUILD_TIMEOUT_MS });
      await scene.openGate();
      expect(await scene.ended(cycleId)).toMatchObject({ status: 'succeeded', error: null, attempts: 2 });
      expect(await scene.announcements()).toHaveLength(kill + 1);
    }
  }, 240_000);

  it('undoes a build with the next when the two do not know of each other (mutation)', async () => {
    await scene.startRunner();
    await scene.closeGate();
    const first = await scene.announce('hubspot');
    await scene.building(first);
    // Neither the index one_running_dbt_run nor a claim sees it now.
    await scene.pool.query(`update pipeline.dbt_runs set target = 'elsewhere' where status = 'running'`);
    const second = await scene.announce('hubspot');
    await waitFor(async () => (await scene.runOf(second))?.status === 'running', { timeoutMs: BUILD_TIMEOUT_MS });
    await scene.openGate();
    const statuses = (await Promise.all([first, second].map((id) => scene.ended(id)))).map(({ status }) => status);
    expect(statuses).toContain('failed');
  }, 240_000);
});
