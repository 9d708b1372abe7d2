import type { PoolClient } from '@pipeline/postgres';
import * as statements from './leftovers.sql.ts';

/** Removes what unfinished attempts of this task committed beyond their last applied bookmark to tables without a key: the next attempt
 *  reads those records again. Keyed tables need none of it, there the later sequence wins. The claim has already waited for every
 *  loader that held the fence, so nothing slips in behind. */
export async function removeLeftovers(
  client: PoolClient,
  pipeline: string,
  stream: string,
  epoch: string,
): Promise<void> {
  const attempts = await statements.cleanAttempts.all(client, { pipeline, stream, epoch });
  for (const attempt of attempts) {
    const beyond = { epoch: attempt.epoch, appliedSeq: attempt.applied_seq };
    await statements.removeLateRows.run(client, beyond);
    await statements.deleteLateRejects.run(client, beyond);
  }
}
