import { electLeader } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { type Loop, startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import type { Config } from '../config.ts';
import { lineageReporter } from './reporter.ts';

const LOOK_MS = 2_500;
const LEASE_MS = 15_000;

export interface LineageLoopDeps {
  pool: Pool;
  logger: Logger;
  defects: Defects;
  instance: string;
  config: Config;
}

/** Tells an OpenLineage receiver what is read, written and built, from what PostgreSQL says of it: the services that do the work know nothing
 *  of it. One replica tells at a time. Undefined: nobody wants to know. */
export function startLineage({ pool, logger, defects, instance, config }: LineageLoopDeps): Loop | undefined {
  if (config.OPENLINEAGE_URL === undefined) return undefined;
  const report = lineageReporter({
    pool,
    logger,
    receiver: { url: config.OPENLINEAGE_URL, apiKey: config.OPENLINEAGE_API_KEY },
    places: {
      namespace: config.OPENLINEAGE_NAMESPACE,
      warehouse: `postgres://${config.DB_HOST}:${config.DB_PORT}`,
      database: config.DB_DATABASE,
    },
  });
  return startLoop({
    everyMs: LOOK_MS,
    step: async () => {
      if (await electLeader(pool, 'lineage', instance, LEASE_MS)) await report();
    },
    errors: { logger, waiting: 'lineage is not told', expected: expectedFailure, onDefect: defects('lineage') },
  });
}
