import { type Claim, recordNotice, rejectAtSource, rejectRecords } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import type { Notice, Rejected } from '../read/read-task.ts';
import { formatKey, rejectedLine } from '../read/rejected-record.ts';
import type { Oversized } from './encoded-batch.ts';
import { withPatience } from './patience.ts';

interface SetAsideDeps {
  claim: Claim;
  pool: Pool;
  logger: Logger;
  signal: AbortSignal;
}

/** What no column, position or SQLSTATE can be named for: the tap itself sets it aside. */
const NO_PLACE = { position: null, column: null, sqlstate: null };

/** Sets a record aside that no batch can hold. */
export function rejectOversized(
  { stream, line, reason, seq }: Oversized & { seq: number },
  { claim, pool, logger, signal }: SetAsideDeps,
): Promise<void> {
  logger.error({ stream, seq }, `a record was rejected: ${reason}`);
  const { pipeline, runId, epoch } = claim;
  const record = { pipeline, runId, epoch, stream, seq, ...NO_PLACE, reason, record: line };
  return withPatience(() => rejectRecords(pool, [record]), { logger, signal });
}

/** Sets a record aside that the source does not deliver.
 *  @param seq of the next batch: an attempt that does not get that far takes it back. */
export function rejectUnreadable(
  { stream, key, code, reason }: Rejected,
  seq: number,
  { claim, pool, logger, signal }: SetAsideDeps,
): Promise<void> {
  logger.error({ stream, seq, key: formatKey(key), code }, `a record was rejected: ${reason}`);
  const { pipeline, runId, epoch } = claim;
  const rejected = { pipeline, runId, epoch, stream, seq, ...NO_PLACE, reason: `${code}: ${reason}` };
  const record = { ...rejected, record: rejectedLine(stream, key) };
  return withPatience(() => rejectAtSource(pool, record), { logger, signal });
}

/** Keeps what a person should know, for the run to show it. */
export function keepNotice(
  { stream, code, message }: Notice,
  { claim, pool, logger, signal }: SetAsideDeps,
): Promise<void> {
  logger.warn({ stream, code }, message);
  return withPatience(() => recordNotice(pool, { runId: claim.runId, stream, code, message }), {
    logger,
    signal,
  });
}
