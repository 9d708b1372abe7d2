import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@pipeline/testing';
import { BUILD_TIMEOUT_MS, useScene } from './support/scene.ts';

describe('a dbt-runner when something goes wrong', () => {
  const scene = useScene();

  afterEach(() => scene.stopRunners(), BUILD_TIMEOUT_MS);

  it('repeats a build whose runner was killed in the middle of it', async () => {
    const first = await scene.startRunner();
    await scene.closeGate();
    const cycleId = await scene.announce('hubspot');
    await scene.building(cycleId);
    await first.kill();
    const run = await scene.runOf(cycleId);
    if (run === undefined) throw new Error('the build is not recorded');
    await scene.expireLease(run);
    await scene.startRunner();
    await waitFor(async () => (await scene.runOf(cycleId))?.attempts === 2, { timeoutMs: BUILD_TIMEOUT_MS });
    await scene.openGate();
    expect(await scene.ended(cycleId)).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(await scene.announcements()).toHaveLength(1);
  }, 240_000);

  it('lets only one of two builds go on when a frozen runner wakes up after its lease', async () => {
    const frozen = await scene.startRunner();
    await scene.closeGate();
    const cycleId = await scene.announce('hubspot');
    await scene.building(cycleId);
    frozen.signal('SIGSTOP');
    const run = await scene.runOf(cycleId);
    if (run === undefined) throw new Error('the build is not recorded');
    await scene.expireLease(run);
    await scene.startRunner();
    await waitFor(async () => (await scene.runOf(cycleId))?.attempts === 2, { timeoutMs: BUILD_TIMEOUT_MS });
    await scene.building(cycleId);
    frozen.signal('SIGCONT');
    await waitFor(() => /belongs to another dbt-runner|broke off/.test(frozen.log()), {
      timeoutMs: BUILD_TIMEOUT_MS,
    });
    await scene.openGate();
    expect(await scene.ended(cycleId)).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(await scene.announcements()).toHaveLength(1);
  }, 240_000);

  it('builds again when it dies between the end of dbt and the record of it, twice in a row, and records it once', async () => {
    const cycleId = await scene.announce('hubspot');
    for (let life = 0; life < 2; life += 1) {
      const runner = await scene.startRunner({ FAILPOINT: 'dbt.after_build_before_record:1' });
      await waitFor(() => !runner.isRunning(), { timeoutMs: BUILD_TIMEOUT_MS, what: 'the death of the runner' });
      expect(runner.killedBy()).toBe('SIGKILL');
      const run = await scene.runOf(cycleId);
      expect(run).toMatchObject({ status: 'running', attempts: life + 1 });
      if (run !== undefined) await scene.expireLease(run);
    }
    await scene.startRunner();
    expect(await scene.ended(cycleId)).toMatchObject({ status: 'succeeded', error: null, attempts: 3 });
    expect(await scene.announcements()).toHaveLength(1);
  }, 240_000);

  it('releases the build when it is asked to stop, and exits with 0', async () => {
    const first = await scene.startRunner();
    await scene.closeGate();
    const cycleId = await scene.announce('hubspot');
    await scene.building(cycleId);
    expect(await first.stop()).toBe(0);
    expect(await scene.runOf(cycleId)).toMatchObject({ status: 'running', lease_until: null, attempts: 0 });
    await scene.openGate();
    await scene.startRunner();
    expect(await scene.ended(cycleId)).toMatchObject({ status: 'succeeded', attempts: 1 });
  }, 240_000);

  it('stops a build that takes longer than its time-out', async () => {
    await scene.startRunner({ DBT_TIMEOUT_SECONDS: '10' });
    await scene.closeGate();
    const run = await scene.ended(await scene.announce('hubspot'));
    expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('within 10 s') });
    await scene.openGate();
    expect(await scene.ended(await scene.announce('hubspot'))).toMatchObject({ status: 'succeeded' });
  }, 240_000);

  it('sees a changed project without a restart, keeps the artifacts of the last builds only, and warns of stale sources', async () => {
    const runner = await scene.startRunner({ DBT_RUNS_KEPT: '2', DBT_SOURCE_FRESHNESS: 'true' });
    for (let build = 0; build < 3; build += 1) await scene.ended(await scene.announce('hubspot'));
    const model = join(scene.folder, 'project/models/deal_names.sql');
    await utimes(model, new Date(), new Date());
    const run = await scene.ended(await scene.announce('hubspot'));
    expect(await scene.results(run)).toMatchObject({
      'source.fixture.hubspot.deals': 'warn',
      'model.fixture.deals': 'success',
    });
    expect(run.status).toBe('succeeded');
    expect(runner.log()).toContain('a source is not fresh');
    expect(runner.log().match(/dbt is loaded/g)).toHaveLength(1);
    await waitFor(async () => (await readdir(join(scene.folder, 'dbt/runs'))).length === 2, {
      timeoutMs: BUILD_TIMEOUT_MS,
    });
  }, 240_000);
});
