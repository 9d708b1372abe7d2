import { type ConnectedTap, connectTap } from '@pipeline/tap-kit/testing';
import { type Sandbox, startSandbox } from '../../sandbox/src/sandbox.ts';
import type { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';
import { type Reader, readerOf } from './reader.ts';

const START = Date.UTC(2026, 10, 1);
const MS_PER_REQUEST = 400;

/** The account in the sandbox, over HTTP, and a tap that reads it. Its clock moves with the requests, so that every run meets the same seconds. */
export interface World extends Reader {
  sandbox: Sandbox;
  clock: { ms: number };
  connected: ConnectedTap<Settings>;
  /** How many changes are made after each response that the tap gets. */
  pace: { changesPerRequest: number };
  change: (count: number) => void;
  close: () => Promise<void>;
}

export async function openWorld(options: { deals: number; seed: number; settings?: object }): Promise<World> {
  const { deals, seed, settings = {} } = options;
  const clock = { ms: START };
  const sandbox = await startSandbox({ deals, seed, only: ['wrike'], now: () => clock.ms, rateLimitFactor: 1_000_000 });
  const pace = { changesPerRequest: 0 };
  let changes = 0;
  const change = (count: number): void => {
    changes += 1;
    if (count > 0) sandbox.mutations.start({ source: 'wrike', count, seed: seed * 10_000 + changes });
  };
  const onResponse = (): void => {
    clock.ms += MS_PER_REQUEST;
    change(pace.changesPerRequest);
  };
  const given = { ...sandboxSettings(sandbox.url('wrike')), ...settings };
  const connected = await connectTap(tap, given, { now: () => clock.ms, onResponse });
  return {
    ...{ sandbox, clock, connected, change, pace },
    ...readerOf(connected, clock, (stream) => sandbox.truth('wrike', stream)),
    close: async () => {
      connected.close();
      await sandbox.stop();
    },
  };
}

export function sandboxSettings(url: string): Record<string, string> {
  return { token: 'wrike-sandbox-token', base_url: url, data_centres: url, allow_other_host: 'true' };
}
