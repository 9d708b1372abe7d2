import type { Claim } from '@pipeline/control';
import { type BatchHeaders, batchMessageId, type DeleteRule, type Manifest, PipelineError } from '@pipeline/protocol';
import type { JsonObject, State } from '@pipeline/singer';
import type { AttemptEnd } from '../../../libs/tap-kit/src/service/batch-sender.ts';
import { type BatchDraft, Batcher } from '../../../libs/tap-kit/src/service/batcher.ts';
import type { RecordSender } from '../../../libs/tap-kit/src/service/extract-task.ts';
import type { Batch } from '../../../services/loader/src/batch.ts';
import type { Actor } from '../world/process.ts';
import type { StreamName } from '../world/source.ts';
import { BATCHES, type Platform, publishUntilConfirmed } from './platform.ts';

/** Batches of an attempt that are not confirmed, as in production. */
const WINDOW = 4;
const ROWS_MAX = 2;

/** What `BatchSender` of libs/tap-kit does, without compression: numbers the batches of an attempt and publishes them, a few at a time. */
export class Sender implements RecordSender {
  readonly #platform: Platform;
  readonly #actor: Actor;
  readonly #claim: Claim;
  readonly #stream: StreamName;
  readonly #signal: AbortSignal;
  readonly #batcher: Batcher;
  #inFlight = 0;
  #failure: PipelineError | undefined;
  #rows = 0;
  #seq = 0;

  constructor(platform: Platform, actor: Actor, claim: Claim, stream: StreamName, signal: AbortSignal) {
    this.#platform = platform;
    this.#actor = actor;
    this.#claim = claim;
    this.#stream = stream;
    this.#signal = signal;
    this.#batcher = new Batcher([stream], { rowsMax: ROWS_MAX });
  }

  /** Records wait for their batch until it is full, or until chance says that they have waited long enough. */
  dueInMs(): undefined {
    return undefined;
  }

  async records(stream: string, records: JsonObject[]): Promise<void> {
    for (const record of records) {
      const line = JSON.stringify(record);
      await this.#send(this.#batcher.add(stream, line, line.length, this.#platform.world.now));
    }
    if (this.#platform.faults.strikes('flush')) await this.flush();
  }

  checkpoint(state: State): void {
    this.#batcher.checkpoint(JSON.stringify(state));
  }

  async flush(): Promise<void> {
    await this.#send(this.#batcher.take());
  }

  async finish(end: AttemptEnd): Promise<void> {
    const drafts = this.#batcher.finish();
    const last = drafts.pop();
    if (last === undefined) throw new Error('an attempt ends with a batch');
    await this.#send(drafts);
    const complete = end.complete || this.#platform.isOff('an early end is incomplete');
    const deletes: DeleteRule = (complete ? end.deletes.get(this.#stream) : undefined) ?? { kind: 'none' };
    const streams = { [this.#stream]: { rows: this.#rows + last.lines.length, deletes } };
    await this.#publish(last, { lastSeq: this.#seq, complete, streams });
    await this.#platform.world.until(this.#actor, 'has its confirms', () => this.#isFree(1));
    this.#throwIfOver();
  }

  async #send(drafts: BatchDraft[]): Promise<void> {
    for (const draft of drafts) await this.#publish(draft, undefined);
  }

  async #publish(draft: BatchDraft, manifest: Manifest | undefined): Promise<void> {
    await this.#platform.world.until(this.#actor, 'has room for a batch', () => this.#isFree(WINDOW));
    this.#throwIfOver();
    const batch = this.#batch(draft, manifest);
    this.#seq += 1;
    this.#rows += draft.lines.length;
    this.#inFlight += 1;
    const message = { id: batchMessageId(batch.headers), body: batch };
    this.#platform.world.spawn(this.#actor.process, `publisher ${message.id}`, async (publisher) => {
      const isTaken = await publishUntilConfirmed(this.#platform, publisher, BATCHES, message);
      if (!isTaken) this.#failure ??= unroutable(message.id);
      this.#inFlight -= 1;
    });
  }

  #isFree(limit: number): boolean {
    return this.#inFlight < limit || this.#failure !== undefined || this.#signal.aborted;
  }

  #throwIfOver(): void {
    this.#signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #batch({ lines, state }: BatchDraft, manifest: Manifest | undefined): Batch {
    const { source, pipeline, runId, taskId, epoch } = this.#claim;
    const body = lines.join('\n');
    const headers: BatchHeaders = {
      ...{ v: 1, source, pipeline, run: runId, task: taskId, epoch, stream: this.#stream, seq: this.#seq },
      ...{ rows: lines.length, checkpoint: state !== undefined, final: manifest !== undefined },
      // The contents themselves: two batches are the same if these are.
      sha256: `${this.#stream} ${body} ${state} ${JSON.stringify(manifest)}`,
    };
    const schema = { type: 'SCHEMA' as const, stream: this.#stream, schema: {}, key_properties: [] };
    return { headers, manifest, schema, records: Buffer.from(body), state, bytes: body.length };
  }
}

function unroutable(id: string): PipelineError {
  return new PipelineError({ code: 'MESSAGE_UNROUTABLE', recovery: 'fail', message: `no queue takes ${id}` });
}
