import { endReplay, holdReplay, listReplays, type Replay } from '@pipeline/control';
import { expectedFailure, failureOf, inTransaction, isTransient, type Pool } from '@pipeline/postgres';
import { type Logger, PipelineError } from '@pipeline/protocol';
import { type Loop, startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import type { SchemaMessage } from '@pipeline/singer';
import type { Warehouse } from '@pipeline/warehouse';
import { prepareTable } from './prepare-table.ts';
import type { StreamTargets } from './stream-targets.ts';

/** A person waits for it, and hardly ever is there anything to do. */
const REPLAY_MS = 3_000;

export interface ReplayerDeps {
  pool: Pool;
  warehouse: Warehouse;
  /** @default a schema named as the source */
  targets?: StreamTargets;
  logger: Logger;
  defects: Defects;
}

/** Loads rejected records that an operator wants replayed. */
export function startReplayer(deps: ReplayerDeps): Loop {
  return startLoop({
    everyMs: REPLAY_MS,
    step: () => replayAll(deps),
    errors: {
      logger: deps.logger,
      waiting: 'replays wait',
      expected: expectedFailure,
      onDefect: deps.defects('replayer'),
    },
  });
}

/** Each record goes directly through the warehouse, in a transaction of its own: no attempt, no message, no ledger entry, for it was counted
 *  when it was rejected. It carries the sequence of the batch it came with, so it never replaces a row that was read later (I3), and in a
 *  table without a key it belongs to what the next claim cleans up if that batch's attempt is not finished (I2). */
export async function replayAll(deps: Omit<ReplayerDeps, 'defects'>): Promise<void> {
  for (const replay of await listReplays(deps.pool)) {
    try {
      await replayOne(deps, replay);
    } catch (error) {
      if (isTransient(error)) throw error;
      const reason = failureOf(error).text;
      await endReplay(deps.pool, replay.id, reason);
      deps.logger.error(
        { rejectedRecord: replay.id, stream: replay.stream, err: error },
        'a record cannot be replayed',
      );
    }
  }
}

async function replayOne(deps: Omit<ReplayerDeps, 'defects'>, replay: Replay): Promise<void> {
  const { pool, warehouse, logger } = deps;
  const table = await prepareTable(deps, schemaOf(replay), replay);
  await inTransaction(pool, async (client) => {
    if (!(await holdReplay(client, replay))) return;
    const batch = { sequence: replay.sequence, receivedAt: new Date() };
    const { rejected } = await warehouse.write(client, table, Buffer.from(`${replay.record}\n`), batch);
    const reason = rejected[0]?.reason;
    await endReplay(client, replay.id, reason);
    logger.info(
      { rejectedRecord: replay.id, stream: replay.stream },
      reason === undefined ? 'replayed' : 'rejected again',
    );
  });
}

function schemaOf({ source, stream, schema }: Replay): SchemaMessage {
  // Written by recordSchema, from a message that had been parsed.
  if (schema !== undefined) return schema as SchemaMessage;
  throw new PipelineError({
    code: 'SCHEMA_UNKNOWN',
    recovery: 'fail',
    message: `no SCHEMA of ${source}.${stream} is kept, since the tap itself rejected the record: refresh the stream instead`,
  });
}
