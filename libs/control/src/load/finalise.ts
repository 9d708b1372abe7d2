import { inTransaction, type Pool, type PoolClient, type RowOf } from '@pipeline/postgres';
import { failpoint, history } from '@pipeline/probe';
import {
  codeOfReason,
  type DeleteRule,
  isMostlyRejected,
  Manifest,
  type RejectionCounts,
  type RejectionLimits,
} from '@pipeline/protocol';
import { sendEvent } from '../cycle/outbox.ts';
import { finishRunIfDone } from '../cycle/runs.ts';
import type { WHOLE } from '../status/index.ts';
import { measureTables } from '../target/table-identity.ts';
import { writeState } from '../task/states.ts';
import { endAttempt } from '../task/tasks.ts';
import * as statements from './finalise.sql.ts';

/** Carries out an attempt's delete rules on the target tables: the warehouse's part.
 *  Returns the rows marked as deleted, or why it refused to mark so many. */
export type ApplyDeletes = (
  client: PoolClient,
  deletes: { pipeline: string; source: string; epoch: number; manifest: Manifest; massDeletes: boolean },
) => Promise<{ deleted: number } | { refused: string }>;

/** What became of an attempt whose every batch is in. */
type Conclusion = { problem: string } | { outcome: Outcome; reason: string | null };

type Outcome = (typeof WHOLE)[number];

type Rejection = Pick<RejectionLimits, 'rejectedShare'>;

/** What came of each stream so far. */
type Arrived = ReadonlyMap<string, RejectionCounts>;

type LiveAttempt = RowOf<typeof statements.selectAttempt>;

/** Moves an attempt as far as the ledger allows: the watermark, the newest checkpoint it covers, and once every batch is
 *  in, deletes, the task's end and the run's. Idempotent, in a transaction of its own, after a batch's commit: inside the
 *  batch's transaction two loaders would each miss the other's last batch (measured: 196 of 200 runs hung).
 *  While most of a stream is rejected no bookmark moves, and at the end the attempt fails. Returns true when the attempt has ended. */
export async function finalise(
  pool: Pool,
  epoch: number,
  applyDeletes: ApplyDeletes,
  rejection: Rejection = { rejectedShare: 0 },
): Promise<boolean> {
  const { ended, outcome } = await inTransaction<{ ended: boolean; outcome?: Outcome }>(pool, async (client) => {
    const attempt = await lockLiveAttempt(client, epoch);
    if (attempt === undefined) return { ended: true };
    const watermark = await advanceWatermark(client, attempt);
    const manifest = attempt.manifest === null ? undefined : Manifest.parse(attempt.manifest);
    const isWhole = manifest !== undefined && watermark === manifest.lastSeq;
    const arrived = await countArrived(client, attempt);
    const rejected = mostlyRejected(arrived, rejection);
    const conclusion = isWhole
      ? await conclude(client, attempt, { manifest, arrived, rejected }, applyDeletes)
      : undefined;
    if (conclusion !== undefined && 'problem' in conclusion) return { ended: true };
    if (rejected === undefined) await applyCheckpoint(client, attempt, watermark);
    if (conclusion !== undefined) await endLoaded(client, attempt, conclusion);
    failpoint('finaliser.before_commit');
    return { ended: isWhole, ...conclusion };
  });
  if (outcome !== undefined) history('finalise', { epoch, outcome });
  failpoint('finaliser.after_commit');
  return ended;
}

/** Attempts that may have something to finalise: the sweep calls {@link finalise} for each. */
export async function listLiveEpochs(pool: Pool): Promise<number[]> {
  return (await statements.selectLiveEpochs.all(pool)).map(({ epoch }) => Number(epoch));
}

async function lockLiveAttempt(client: PoolClient, epoch: number): Promise<LiveAttempt | undefined> {
  if ((await statements.lockLiveAttempt.run(client, { epoch })) === 0) return undefined;
  return statements.selectAttempt.first(client, { epoch });
}

async function advanceWatermark(client: PoolClient, { epoch, watermark: before }: LiveAttempt): Promise<number> {
  const beyond = await statements.selectWatermark.one(client, { epoch, watermark: before });
  const watermark = beyond.watermark ?? before;
  if (watermark > before) await statements.updateWatermark.run(client, { epoch, watermark });
  return watermark;
}

/** Every batch is in: compares what was announced with what arrived and carries out the deletes. A difference or a refused
 *  mass delete ends the attempt before its last bookmark is applied. */
async function conclude(
  client: PoolClient,
  attempt: LiveAttempt,
  { manifest, arrived, rejected }: { manifest: Manifest; arrived: Arrived; rejected: string | undefined },
  applyDeletes: ApplyDeletes,
): Promise<Conclusion> {
  const epoch = Number(attempt.epoch);
  const difference = compareRows(arrived, manifest);
  const problem = difference ?? rejected;
  if (problem !== undefined) {
    // What was lost on the way may come the next time; what does not fit will not fit then.
    const code = difference === undefined ? 'TOO_MANY_REJECTED' : 'ROWS_MISSING';
    await endAttempt(client, epoch, { text: problem, code }, difference !== undefined);
    return { problem };
  }
  // A row of a skipped batch did not come, and is not gone.
  if (!manifest.complete) return { outcome: 'incomplete', reason: manifest.reason ?? null };
  if (await hasSkipped(client, attempt))
    return { outcome: 'incomplete', reason: 'BATCH_SKIPPED: an operator skipped a batch' };
  const deletes = await applyDeletes(client, {
    pipeline: attempt.pipeline,
    source: attempt.source,
    epoch,
    manifest: await withCertainDeletes(client, attempt, manifest),
    massDeletes: attempt.mass_deletes,
  });
  if ('refused' in deletes) {
    await endAttempt(client, epoch, { text: deletes.refused, code: 'MASS_DELETE_REFUSED' }, false);
    return { problem: deletes.refused };
  }
  await statements.updateDeleted.run(client, { epoch, deleted: deletes.deleted });
  const reason = incompleteStreams(manifest);
  if (reason === null) {
    const tables = { databaseSchema: attempt.source, streams: Object.keys(manifest.streams) };
    await measureTables(client, tables, attempt);
  }
  return { outcome: reason === null ? 'loaded' : 'incomplete', reason };
}

/** Streams that were not read to their end, each with its reason. The others of the task are whole. */
function incompleteStreams({ streams }: Manifest): string | null {
  const reasons = Object.entries(streams).flatMap(([stream, { incomplete }]) =>
    incomplete === undefined ? [] : [`${stream}: ${incomplete}`],
  );
  return reasons.length === 0 ? null : reasons.join('; ');
}

/** A row whose record was rejected was not brought by this attempt, and is not gone either: a stream with rejected records loses none. */
async function withCertainDeletes(client: PoolClient, attempt: LiveAttempt, manifest: Manifest): Promise<Manifest> {
  const rejected = await statements.selectUncertainStreams.all(client, { epoch: attempt.epoch });
  const uncertain = new Set(rejected.map(({ stream }) => stream));
  const none: DeleteRule = { kind: 'none' };
  const streams = Object.entries(manifest.streams).map(([stream, said]) => [
    stream,
    uncertain.has(stream) ? { ...said, deletes: none } : said,
  ]);
  return { ...manifest, streams: Object.fromEntries(streams) };
}

async function hasSkipped(client: PoolClient, attempt: LiveAttempt): Promise<boolean> {
  return (await statements.selectSkipped.run(client, { epoch: attempt.epoch })) === 1;
}

async function countArrived(client: PoolClient, attempt: LiveAttempt): Promise<Arrived> {
  const sums = await statements.sumRows.all(client, { epoch: attempt.epoch });
  return new Map(
    sums.map(({ stream, rows, rejected }) => [stream, { rows: Number(rows), rejected: Number(rejected) }]),
  );
}

function mostlyRejected(arrived: Arrived, rejection: Rejection): string | undefined {
  for (const [stream, counts] of arrived) {
    if (!isMostlyRejected(counts, rejection)) continue;
    return (
      `${stream}: ${counts.rejected} of ${counts.rows} records do not fit, which is no success. They are in pipeline.rejected_records ` +
      'with the reason; mend the source, or raise LOADER_REJECTED_SHARE'
    );
  }
  return undefined;
}

/** I6: rows announced = rows loaded + rows rejected. */
function compareRows(arrived: Arrived, manifest: Manifest): string | undefined {
  for (const [stream, announced] of Object.entries(manifest.streams)) {
    const rows = arrived.get(stream)?.rows ?? 0;
    if (rows !== announced.rows) return `${stream}: the tap announced ${announced.rows} rows and ${rows} arrived`;
  }
  return undefined;
}

/** I1: a bookmark never covers a record that is not committed. */
async function applyCheckpoint(client: PoolClient, attempt: LiveAttempt, watermark: number): Promise<void> {
  const { epoch, applied_seq: appliedSeq } = attempt;
  const checkpoint = await statements.selectCheckpoint.first(client, { epoch, appliedSeq, watermark });
  if (checkpoint === undefined) return;
  await writeState(client, {
    pipeline: attempt.pipeline,
    stream: attempt.stream,
    value: checkpoint.value,
    epoch: Number(epoch),
    seq: checkpoint.seq,
    setBy: 'finaliser',
  });
  await statements.updateAppliedSeq.run(client, { epoch, seq: checkpoint.seq });
}

async function endLoaded(
  client: PoolClient,
  attempt: LiveAttempt,
  { outcome, reason }: { outcome: Outcome; reason: string | null },
): Promise<void> {
  const { epoch, task_id: taskId } = attempt;
  const code = reason === null ? null : codeOfReason(reason);
  await statements.endWholeAttempt.run(client, { epoch, outcome, cleaned: outcome === 'loaded', reason, code });
  await statements.endWholeTask.run(client, { taskId, status: outcome, epoch, reason, code });
  await sendEvent(client, {
    type: 'task.loaded',
    pipeline: attempt.pipeline,
    source: attempt.source,
    runId: attempt.run_id,
    cycleId: attempt.cycle_id,
    taskId,
    stream: attempt.stream,
  });
  await finishRunIfDone(client, attempt.run_id);
}
