import { listStaleChecks, requestConnectionCheck } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';

/** A look costs a request a stream at most: nothing beside a day's reads, and a scope that was taken away or a token that ends shows in time. */
const STALE_SECONDS = 86_400;

/** Has every account looked at once a day: what the last look said of a token's end is no longer true once the token has been renewed. */
export async function renewChecks({ pool, logger }: { pool: Pool; logger: Logger }): Promise<void> {
  for (const connection of await listStaleChecks(pool, STALE_SECONDS)) {
    await requestConnectionCheck(pool, connection, 'scheduler');
    logger.info({ connection: connection.name }, 'nobody has looked at the account for a day: its tap is asked to');
  }
}
