import type { PoolClient } from '@pipeline/postgres';
import { lockCurrentEpoch } from './fence.sql.ts';

/** The fence: whether the epoch is the task's current one, held until the transaction ends. FOR SHARE conflicts with the UPDATE
 *  by which a claim, a failure or an operator moves the epoch; FOR KEY SHARE and a plain select do not, and let batches of a
 *  superseded attempt through (measured: 90 of 150). */
export async function isCurrentEpoch(client: PoolClient, taskId: string, epoch: number): Promise<boolean> {
  return (await lockCurrentEpoch.run(client, { taskId, epoch })) === 1;
}
