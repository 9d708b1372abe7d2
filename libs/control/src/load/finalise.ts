import { type DeleteRule, Manifest } from '@pipeline/contracts';
import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { failpoint, history } from '@pipeline/probe';
import { sendEvent } from '../cycle/outbox.ts';
import { finishRunIfDone } from '../cycle/runs.ts';
import { writeState } from '../task/states.ts';
import { endAttempt } from '../task/tasks.ts';

/** Carries out an attempt's delete rules on the target tables: the warehouse's part.
 *  Gives the rows marked as deleted, or why it refused to mark so many. */
export type ApplyDeletes = (
  client: PoolClient,
  deletes: { source: string; epoch: number; manifest: Manifest; massDeletes: boolean },
) => Promise<{ deleted: number } | { refused: string }>;

/** What became of an attempt whose every batch is in. */
type Settled = { problem: string } | { outcome: Outcome };

type Outcome = 'loaded' | 'incomplete';

interface LiveAttempt {
  epoch: string;
  task_id: string;
  run_id: string;
  cycle_id: string;
  pipeline: string;
  source: string;
  stream: string;
  watermark: number;
  applied_seq: number;
  manifest: unknown;
  mass_deletes: boolean;
}

/** Moves an attempt as far as the ledger allows: the watermark, the newest checkpoint it covers, and once every batch is
 *  in, deletes, the task's end and the run's. Idempotent, in a transaction of its own, after a batch's commit: inside the
 *  batch's transaction two loaders would each miss the other's last batch (measured: 196 of 200 runs hung).
 *  Gives true when the attempt has ended. */
export async function finalise(pool: Pool, epoch: number, applyDeletes: ApplyDeletes): Promise<boolean> {
  const { ended, outcome } = await inTransaction<{ ended: boolean; outcome?: Outcome }>(pool, async (client) => {
    const attempt = await lockLiveAttempt(client, epoch);
    if (attempt === undefined) return { ended: true };
    const watermark = await advanceWatermark(client, attempt);
    const manifest = attempt.manifest === null ? undefined : Manifest.parse(attempt.manifest);
    const isWhole = manifest !== undefined && watermark === manifest.lastSeq;
    const settled = isWhole ? await settle(client, attempt, manifest, applyDeletes) : undefined;
    if (settled !== undefined && 'problem' in settled) return { ended: true };
    await applyCheckpoint(client, attempt, watermark);
    if (settled !== undefined) await endLoaded(client, attempt, settled.outcome);
    failpoint('finaliser.before_commit');
    return { ended: isWhole, ...settled };
  });
  if (outcome !== undefined) history('finalise', { epoch, outcome });
  failpoint('finaliser.after_commit');
  return ended;
}

/** Attempts that may have something to finalise: the sweep calls {@link finalise} for each. */
export async function listLiveEpochs(pool: Pool): Promise<number[]> {
  const { rows } = await pool.query<{ epoch: string }>(
    'select epoch::text from pipeline.attempts where outcome is null order by epoch',
  );
  return rows.map((row) => Number(row.epoch));
}

async function lockLiveAttempt(client: PoolClient, epoch: number): Promise<LiveAttempt | undefined> {
  const { rows: attempts } = await client.query(
    'select from pipeline.attempts where epoch = $1 and outcome is null for no key update',
    [epoch],
  );
  if (attempts.length === 0) return undefined;
  const { rows } = await client.query<LiveAttempt>(
    `select a.epoch::text, a.task_id, t.run_id, r.cycle_id, t.pipeline, t.source, t.stream,
            a.watermark, a.applied_seq, m.manifest, t.mass_deletes
     from pipeline.attempts a
     join pipeline.tasks t on t.id = a.task_id and t.current_epoch = a.epoch
     join pipeline.runs r on r.id = t.run_id
     left join pipeline.manifests m on m.epoch = a.epoch
     where a.epoch = $1 for share of t`,
    [epoch],
  );
  return rows[0];
}

/** The ledger's rows beyond the watermark, as far as they have no gap. */
async function advanceWatermark(client: PoolClient, attempt: LiveAttempt): Promise<number> {
  const { rows } = await client.query<{ watermark: number | null }>(
    `select max(seq) as watermark
     from (select seq, row_number() over (order by seq) as n from pipeline.ledger where epoch = $1 and seq > $2) beyond
     where seq = $2 + n`,
    [attempt.epoch, attempt.watermark],
  );
  const watermark = rows[0]?.watermark ?? attempt.watermark;
  if (watermark > attempt.watermark) {
    await client.query(
      'update pipeline.attempts set watermark = $2, progress_at = clock_timestamp() where epoch = $1',
      [attempt.epoch, watermark],
    );
  }
  return watermark;
}

/** Every batch is in: compares what was announced with what arrived and carries out the deletes. A difference or a refused
 *  mass delete ends the attempt before its last bookmark is applied. */
async function settle(
  client: PoolClient,
  attempt: LiveAttempt,
  manifest: Manifest,
  applyDeletes: ApplyDeletes,
): Promise<Settled> {
  const epoch = Number(attempt.epoch);
  const problem = await compareRows(client, attempt, manifest);
  if (problem !== undefined) {
    await endAttempt(client, epoch, problem, true);
    return { problem };
  }
  // A row of a skipped batch did not come, and is not gone.
  if (!manifest.complete || (await hasSkipped(client, attempt))) return { outcome: 'incomplete' };
  const deletes = await applyDeletes(client, {
    source: attempt.source,
    epoch,
    manifest: await withCertainDeletes(client, attempt, manifest),
    massDeletes: attempt.mass_deletes,
  });
  if ('refused' in deletes) {
    await endAttempt(client, epoch, deletes.refused, false);
    return { problem: deletes.refused };
  }
  await client.query('update pipeline.attempts set deleted = $2 where epoch = $1', [attempt.epoch, deletes.deleted]);
  return { outcome: 'loaded' };
}

/** A row whose record was rejected was not brought by this attempt, and is not gone either: a stream with rejected records loses none. */
async function withCertainDeletes(client: PoolClient, attempt: LiveAttempt, manifest: Manifest): Promise<Manifest> {
  const { rows } = await client.query<{ stream: string }>(
    `select stream from pipeline.ledger where epoch = $1 and rejected > 0
     union select stream from pipeline.rejected_records where epoch = $1`,
    [attempt.epoch],
  );
  const uncertain = new Set(rows.map(({ stream }) => stream));
  const none: DeleteRule = { kind: 'none' };
  const streams = Object.entries(manifest.streams).map(([stream, said]) => [
    stream,
    uncertain.has(stream) ? { ...said, deletes: none } : said,
  ]);
  return { ...manifest, streams: Object.fromEntries(streams) };
}

async function hasSkipped(client: PoolClient, attempt: LiveAttempt): Promise<boolean> {
  const { rowCount } = await client.query('select from pipeline.ledger where epoch = $1 and skipped limit 1', [
    attempt.epoch,
  ]);
  return rowCount === 1;
}

/** I6: rows announced = rows loaded + rows rejected. */
async function compareRows(client: PoolClient, attempt: LiveAttempt, manifest: Manifest): Promise<string | undefined> {
  const { rows } = await client.query<{ stream: string; rows: string }>(
    'select stream, sum(rows) as rows from pipeline.ledger where epoch = $1 group by stream',
    [attempt.epoch],
  );
  const loaded = new Map(rows.map((row) => [row.stream, Number(row.rows)]));
  for (const [stream, announced] of Object.entries(manifest.streams)) {
    const arrived = loaded.get(stream) ?? 0;
    if (arrived !== announced.rows) {
      return `${stream}: the tap announced ${announced.rows} rows and ${arrived} arrived`;
    }
  }
  return undefined;
}

/** I1: a bookmark never covers a record that is not committed. */
async function applyCheckpoint(client: PoolClient, attempt: LiveAttempt, watermark: number): Promise<void> {
  const { rows } = await client.query<{ seq: number; value: string }>(
    `select seq, value::text from pipeline.checkpoints where epoch = $1 and seq > $2 and seq <= $3
     order by seq desc limit 1`,
    [attempt.epoch, attempt.applied_seq, watermark],
  );
  const checkpoint = rows[0];
  if (checkpoint === undefined) return;
  await writeState(client, {
    pipeline: attempt.pipeline,
    stream: attempt.stream,
    value: checkpoint.value,
    epoch: Number(attempt.epoch),
    seq: checkpoint.seq,
    setBy: 'finaliser',
  });
  await client.query('update pipeline.attempts set applied_seq = $2 where epoch = $1', [attempt.epoch, checkpoint.seq]);
}

async function endLoaded(client: PoolClient, attempt: LiveAttempt, outcome: Outcome): Promise<void> {
  await client.query(
    `update pipeline.attempts set outcome = $2, cleaned = $3, finished_at = clock_timestamp() where epoch = $1`,
    [attempt.epoch, outcome, outcome === 'loaded'],
  );
  await client.query(
    `update pipeline.tasks set status = $2, finished_at = clock_timestamp() where id = $1 and current_epoch = $3`,
    [attempt.task_id, outcome, attempt.epoch],
  );
  await sendEvent(client, {
    type: 'task.loaded',
    pipeline: attempt.pipeline,
    source: attempt.source,
    runId: attempt.run_id,
    cycleId: attempt.cycle_id,
    taskId: attempt.task_id,
    stream: attempt.stream,
  });
  await finishRunIfDone(client, attempt.run_id);
}
