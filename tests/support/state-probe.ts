import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '@pipeline/postgres';

const LOOK_MS = 50;

/** Looks at the invariants 20 times a second while everything else goes on: each bookmark it sees is covered by the ledger. */
export interface StateProbe {
  /** Ends it. Returns how often it could look and what it saw. */
  stop(): Promise<{ looks: number; violations: unknown[] }>;
}

export function startStateProbe(pool: Pool): StateProbe {
  let stopped = false;
  const seen = { looks: 0, violations: [] as unknown[] };
  const look = async () => {
    const { rows } = await pool.query('select * from pipeline.violations');
    seen.looks += 1;
    seen.violations.push(...rows);
  };
  const work = async () => {
    while (!stopped) {
      // The database may be away for a moment.
      await look().catch(() => undefined);
      await sleep(LOOK_MS);
    }
  };
  const done = work();
  return {
    stop: async () => {
      stopped = true;
      await done;
      return seen;
    },
  };
}
