import { waitFor } from '@pipeline/testing';
import { logIn, openDashboard } from '../support/dashboard.ts';
import { startPlatform } from '../support/platform.ts';
import { tellConnecting } from './stories/connecting.ts';
import { tellMending } from './stories/mending.ts';
import { tellRunning } from './stories/running.ts';
import type { Scene } from './stories/scene.ts';
import { tellTwoAccounts } from './stories/two-accounts.ts';

const START_MS = 240_000;

describe('a person steers the platform from the page', () => {
  // One platform for all stories: each leaves it as it found it.
  const scene = {} as Scene;
  beforeAll(async () => {
    scene.platform = await startPlatform({ sandbox: { deals: 60 }, environment: { PIPELINE_CONCURRENCY: '2' } });
    scene.dashboard = await openDashboard(scene.platform);
    const ended = async () => (await scene.platform.cycles()).ended > 0;
    await waitFor(ended, { timeoutMs: START_MS, what: 'the first cycle' });
    await logIn(scene.dashboard, scene.platform.apiToken);
  }, START_MS + 60_000);
  afterAll(async () => {
    await scene.dashboard?.close();
    await scene.platform?.stop();
  }, 60_000);
  afterEach(() => expect(scene.dashboard.complaints()).toEqual([]));

  tellRunning(scene);
  tellMending(scene);
  tellConnecting(scene);
  tellTwoAccounts(scene);
});
