import type { Pool, PoolClient, Queryable } from '@pipeline/postgres';
import { BatchHeaders, Manifest, SINGER_EXCHANGE } from '@pipeline/protocol';
import { isCurrentEpoch } from '../load/fence.ts';
import { enterLedger, loadedContent, markSkipped, recordManifest } from '../load/ledger.ts';
import { closeDeadLetter, type DeadLetter, readDeadLetter } from './dead-letters.ts';
import { operate, refusal } from './operator.ts';

export interface DeadLetterCommand {
  id: string;
  actor: string;
}

/** Sends a dead letter again: the same bytes under the same id. A batch of a live attempt is taken by a loader as if nothing had happened; one that
 *  is loaded already is only marked; one whose attempt is over is refused, since a later attempt has read its records again.
 *  @throws PipelineError `UNKNOWN_DEAD_LETTER`, `DEAD_LETTER_CLOSED`, `ATTEMPT_OVER`, `BATCH_UNREADABLE`, `BATCH_CONTENT_CHANGED`. */
export function replayDeadLetter(
  pool: Pool,
  { id, actor }: DeadLetterCommand,
  publish: (letter: DeadLetter) => Promise<void>,
): Promise<'sent' | 'already-loaded'> {
  return operate(pool, { actor, action: 'replay-dead-letter', target: id, details: {} }, async (client) => {
    const letter = await readOpen(client, id);
    const isLoaded = letter.exchange === SINGER_EXCHANGE && (await isBatchLoaded(client, batchOf(letter)));
    if (!isLoaded) {
      if (letter.exchange === SINGER_EXCHANGE) await checkLive(client, batchOf(letter));
      await publish(letter);
    }
    await closeDeadLetter(client, id, 'replayed', actor);
    return isLoaded ? 'already-loaded' : 'sent';
  });
}

/** Gives up on a batch of a live attempt, so that the attempt can end without it: its rows count as rejected, a checkpoint on it is left to a later
 *  batch, and nothing is deleted in the attempt's name. The rows come back with the next full read.
 *  @throws PipelineError as {@link replayDeadLetter}, and `NOT_A_BATCH`. */
export function skipDeadLetter(pool: Pool, { id, actor }: DeadLetterCommand): Promise<{ rows: number }> {
  return operate(pool, { actor, action: 'skip-dead-letter', target: id, details: {} }, async (client) => {
    const letter = await readOpen(client, id);
    if (letter.exchange !== SINGER_EXCHANGE) {
      throw refusal('NOT_A_BATCH', `dead letter ${id} is no batch: nothing waits for it. Replay or discard it`);
    }
    const batch = batchOf(letter);
    await checkLive(client, batch);
    const isNew = await enterLedger(client, batch, letter.body.length);
    if (isNew) {
      await markSkipped(client, batch);
      if (batch.manifest !== undefined) {
        await recordManifest(client, batch.epoch, Manifest.parse(JSON.parse(batch.manifest)));
      }
    }
    await closeDeadLetter(client, id, 'skipped', actor);
    return { rows: isNew ? batch.rows : 0 };
  });
}

/** Closes a dead letter without doing anything with it. */
export function discardDeadLetter(pool: Pool, { id, actor }: DeadLetterCommand): Promise<void> {
  return operate(pool, { actor, action: 'discard-dead-letter', target: id, details: {} }, async (client) => {
    await readOpen(client, id);
    await closeDeadLetter(client, id, 'discarded', actor);
  });
}

async function readOpen(client: PoolClient, id: string): Promise<DeadLetter> {
  const found = await readDeadLetter(client, id);
  if (found === undefined) throw refusal('UNKNOWN_DEAD_LETTER', `there is no dead letter ${id}`);
  if (found.status !== 'open') throw refusal('DEAD_LETTER_CLOSED', `dead letter ${id} is ${found.status} already`);
  return found.letter;
}

function batchOf(letter: DeadLetter): BatchHeaders {
  const headers = BatchHeaders.safeParse(letter.headers);
  if (headers.success) return headers.data;
  throw refusal('BATCH_UNREADABLE', 'its headers are not those of a batch, so no loader would take it: discard it');
}

async function isBatchLoaded(db: Queryable, batch: BatchHeaders): Promise<boolean> {
  const loaded = await loadedContent(db, batch);
  if (loaded === undefined) return false;
  if (loaded === batch.sha256) return true;
  throw refusal('BATCH_CONTENT_CHANGED', 'another content is loaded under the same id: discard it');
}

async function checkLive(client: PoolClient, batch: BatchHeaders): Promise<void> {
  if (await isCurrentEpoch(client, batch.task, batch.epoch)) return;
  throw refusal(
    'ATTEMPT_OVER',
    `attempt ${batch.epoch} of ${batch.pipeline}/${batch.stream} is over: what it read is read again by a later one. Discard it`,
  );
}
