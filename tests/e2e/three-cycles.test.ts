import { type LineageReceiver, type OtlpReceiver, startLineageReceiver, startOtlpReceiver } from '@pipeline/testing';
import { type MessageWatch, watchMessages } from '../support/message-watch.ts';
import { expectLineage, expectTrace } from '../support/observers.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { tellCommands } from './stories/commands.ts';
import { tellSecrets } from './stories/secrets.ts';

const FIRST_CYCLE_MS = 180_000;

describe('three cycles of the whole platform, configured by a copy of .env.sample', () => {
  let platform: Platform;
  let traces: OtlpReceiver;
  let lineage: LineageReceiver;
  let messages: MessageWatch;
  beforeAll(async () => {
    traces = await startOtlpReceiver();
    lineage = await startLineageReceiver();
    platform = await startPlatform({
      sandbox: { deals: 300 },
      hasEnvFile: true,
      beforeServices: async (vhost) => {
        messages = await watchMessages(vhost);
      },
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url, OPENLINEAGE_URL: lineage.url },
    });
  }, 60_000);
  afterAll(async () => {
    await messages.close();
    await platform.stop();
    await traces.close();
    await lineage.close();
  }, 60_000);

  const expectEqual = async () => {
    const { rows, differences, streams } = await platform.compare();
    expect(differences).toEqual([]);
    expect(streams).toBeGreaterThanOrEqual(20);
    return rows;
  };

  it(
    'loads everything there is, models it and reports success',
    async () => {
      expect(await platform.runCycle({ timeoutMs: FIRST_CYCLE_MS })).toBe('succeeded');
      expect(await expectEqual()).toBeGreaterThan(1_000);
    },
    FIRST_CYCLE_MS + 30_000,
  );

  it(
    'goes on while rows are created, changed, archived, merged and deleted, and is exact after the next full read',
    async () => {
      platform.sandbox.mutations.start({ count: 600, everyMs: 10, seed: 7 });
      expect(await platform.runCycle()).toBe('succeeded');
      platform.sandbox.mutations.stop();
      platform.sandbox.api('xero').expireTokens();
      expect(await platform.runCycle({ fullRead: true })).toBe('succeeded');
      await expectEqual();
    },
    FIRST_CYCLE_MS * 2,
  );

  it(
    'reads only what changed after that, and stays exact',
    async () => {
      expect(await platform.runCycle()).toBe('succeeded');
      await expectEqual();
    },
    FIRST_CYCLE_MS,
  );

  it('told of each cycle as one trace over all services', () => expectTrace(platform, traces));

  it('told OpenLineage what was read, written and built', () => expectLineage(platform, lineage));

  tellSecrets(() => ({
    ...{ platform, messages },
    places: () =>
      Object.entries({ traces: traces.spans, lineage: lineage.events }).map(([name, seen]) => [
        name,
        [Buffer.from(JSON.stringify(seen, (_, value) => (typeof value === 'bigint' ? String(value) : value)))],
      ]),
  }));

  tellCommands(() => platform);

  it('never broke an invariant', async () => {
    expect(await platform.violations()).toEqual([]);
  });
});
