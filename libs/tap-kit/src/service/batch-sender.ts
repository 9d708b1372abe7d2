import type { Message, Publisher } from '@pipeline/broker';
import type { Claim } from '@pipeline/control';
import { failpoint } from '@pipeline/probe';
import { type DeleteRule, type Manifest, PipelineError, reasonOf, SEQ_LIMIT } from '@pipeline/protocol';
import { formatMessage, type JsonObject, type State } from '@pipeline/singer';
import { schemaMessage } from '../catalog/schema-message.ts';
import type { SelectedStream } from '../catalog/selection.ts';
import { batchMessage } from './batch-message.ts';
import { type BatchDraft, Batcher } from './batcher.ts';
import { type EncodedBatch, encodeBatches, type Oversized, RECORD_BYTES_MAX } from './encoded-batch.ts';

/** Batches of one attempt that are not confirmed: while there are as many, nothing more is read. */
const WINDOW = 4;

export interface BatchSenderDeps {
  publisher: Publisher;
  /** Of the attempt's span. @default nothing is traced */
  traceparent?: string | undefined;
  reject: (record: Oversized & { seq: number }) => Promise<void>;
  /** Epoch milliseconds, for the age of a batch only. */
  now: () => number;
  signal: AbortSignal;
}

/** What an attempt says of itself at its end. */
export interface AttemptEnd {
  complete: boolean;
  deletes: ReadonlyMap<string, DeleteRule>;
  /** Streams that were not read to their end. */
  incomplete: ReadonlyMap<string, PipelineError>;
  /** Why the attempt is not complete. */
  endedBy?: PipelineError | undefined;
}

/** Sends the records of one attempt as numbered batches. Calls must not overlap: the numbers follow the order in which the source returned them. */
export class BatchSender {
  readonly #claim: Claim;
  readonly #deps: BatchSenderDeps;
  readonly #batcher: Batcher;
  readonly #trace: Pick<Message, 'traceparent'>;
  readonly #schemaLines: Map<string, string>;
  readonly #rows: Map<string, number>;
  readonly #inFlight = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;
  #seq = 0;
  #read = 0;

  constructor(claim: Claim, streams: SelectedStream[], deps: BatchSenderDeps) {
    const names = streams.map((stream) => stream.shape.name);
    this.#claim = claim;
    this.#deps = deps;
    this.#trace = deps.traceparent === undefined ? {} : { traceparent: deps.traceparent };
    this.#batcher = new Batcher(names);
    this.#schemaLines = new Map(streams.map((stream) => [stream.shape.name, formatMessage(schemaMessage(stream))]));
    this.#rows = new Map(names.map((name) => [name, 0]));
  }

  /** Rows sent so far, by stream. */
  get rows(): ReadonlyMap<string, number> {
    return this.#rows;
  }

  /** Records read so far, also those that wait for their batch. */
  get read(): number {
    return this.#read;
  }

  /** Batches sent so far: the number of the next one. */
  get batches(): number {
    return this.#seq;
  }

  async records(stream: string, records: JsonObject[]): Promise<void> {
    const extractedAt = new Date(this.#deps.now()).toISOString();
    this.#read += records.length;
    for (const record of records) {
      const line = formatMessage({ type: 'RECORD', stream, record, time_extracted: extractedAt });
      const bytes = Buffer.byteLength(line);
      if (bytes > RECORD_BYTES_MAX) {
        const reason = `the record has ${bytes} bytes, more than the ${RECORD_BYTES_MAX} of a batch`;
        await this.#deps.reject({ stream, line, reason, seq: this.#seq });
        continue;
      }
      await this.#send(this.#batcher.add(stream, line, bytes, this.#deps.now()));
    }
  }

  checkpoint(state: State): void {
    this.#batcher.checkpoint(formatMessage({ type: 'STATE', value: state }));
  }

  /** Milliseconds after which {@link flush} is due. Undefined: nothing waits. */
  dueInMs(): number | undefined {
    return this.#batcher.dueInMs(this.#deps.now());
  }

  async flush(): Promise<void> {
    await this.#send(this.#batcher.take());
  }

  /** Sends what is left, the last batch with the manifest, and waits until the broker has everything. */
  async finish(end: AttemptEnd): Promise<void> {
    const batches: EncodedBatch[] = [];
    for (const draft of this.#batcher.finish()) batches.push(...(await this.#encode(draft)));
    const last = batches.pop();
    if (last === undefined) throw new Error('an attempt ends with a batch');
    for (const batch of batches) await this.#publish(batch);
    this.#count(last);
    failpoint('tap.before_final');
    await this.#publish(last, this.#manifest(end));
    await Promise.all(this.#inFlight);
    this.#throwIfFailed();
  }

  async #send(drafts: BatchDraft[]): Promise<void> {
    for (const draft of drafts) for (const batch of await this.#encode(draft)) await this.#publish(batch);
  }

  async #encode(draft: BatchDraft): Promise<EncodedBatch[]> {
    const schemaLine = this.#schemaLines.get(draft.stream) ?? '';
    const batches = await encodeBatches(schemaLine, draft, (record) =>
      this.#deps.reject({ ...record, seq: this.#seq }),
    );
    for (const { rawBytes, body } of batches) this.#batcher.observe(rawBytes, body.length);
    return batches;
  }

  async #publish(batch: EncodedBatch, manifest?: Manifest): Promise<void> {
    while (this.#inFlight.size >= WINDOW) await Promise.race(this.#inFlight);
    this.#throwIfFailed();
    if (this.#seq >= SEQ_LIMIT) throw tooManyBatches(batch.stream);
    if (manifest === undefined) this.#count(batch);
    const message = { ...batchMessage(this.#claim, batch, this.#seq, manifest), ...this.#trace };
    this.#seq += 1;
    failpoint('tap.before_publish');
    const sending = this.#deps.publisher
      .publish(message, { signal: this.#deps.signal })
      .then(() => failpoint('tap.after_confirm'))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
    // The bytes leave at the end of this turn, the confirm takes a round trip.
    setImmediate(() => failpoint('tap.after_publish_before_confirm'));
  }

  #count(batch: EncodedBatch): void {
    this.#rows.set(batch.stream, (this.#rows.get(batch.stream) ?? 0) + batch.rows);
  }

  #manifest({ complete, deletes, incomplete, endedBy }: AttemptEnd): Manifest {
    const none: DeleteRule = { kind: 'none' };
    const streams = [...this.#rows].map(([stream, rows]) => {
      const error = incomplete.get(stream);
      const rule = complete && error === undefined ? (deletes.get(stream) ?? none) : none;
      return [stream, { rows, deletes: rule, ...(error === undefined ? {} : { incomplete: reasonOf(error) }) }];
    });
    return {
      lastSeq: this.#seq,
      complete,
      streams: Object.fromEntries(streams),
      ...(endedBy === undefined ? {} : { reason: reasonOf(endedBy) }),
    };
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

function tooManyBatches(stream: string): PipelineError {
  return new PipelineError({
    code: 'TOO_MANY_BATCHES',
    recovery: 'retry',
    message: `the attempt to read ${stream} has ${SEQ_LIMIT} batches: the next one goes on from the last checkpoint`,
  });
}
