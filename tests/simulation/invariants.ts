import { type BatchHeaders, Manifest } from '@pipeline/protocol';
import { isJsonObject, parseJson } from '@pipeline/singer';
import type { Platform } from './actors/platform.ts';
import { changeOf } from './actors/read.ts';
import { isLive, isUnderWay, type StateRow } from './database/schema.ts';
import type { Transaction } from './database/transaction.ts';
import { STREAMS, type StreamName } from './world/source.ts';

/** What must hold at every moment, as far as a commit may have changed it (ARCHITECTURE.md, "What must always hold"). */
export class Invariants {
  readonly #platform: Platform;
  readonly #bookmarks = new Map<string, number>();
  /** The newest attempt when an operator last changed the bookmark: no older one may write it any more. */
  readonly #barriers = new Map<string, number>();
  readonly #ended = new Set<string>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  afterCommit(transaction: Transaction): void {
    const touched = new Set<string>();
    for (const { table } of transaction.written) touched.add(table);
    if (touched.has('ledger')) this.#checkFence(transaction);
    if (touched.has('states') || touched.has('events')) this.#checkBookmarks();
    if (touched.has('events')) this.#checkDoubles();
    if (touched.has('contacts') || touched.has('lists')) this.#checkDeletes();
    if (touched.has('attempts')) this.#checkAttempts(transaction);
    if (touched.has('tasks') || touched.has('runs')) this.#checkRuns();
  }

  get #tables() {
    return this.#platform.database.tables;
  }

  /** No batch of an old epoch is committed after the new claim. */
  #checkFence(transaction: Transaction): void {
    for (const row of this.#tables.ledger.rows) {
      if (!transaction.written.has(row) || row.latest === undefined) continue;
      const { epoch, seq } = row.latest;
      const isCurrent = this.#tables.tasks.committed().some(({ current_epoch }) => current_epoch === epoch);
      if (!isCurrent) this.#fail(`fence: batch ${epoch}/${seq} was committed after its attempt was over`);
    }
  }

  /** I1 and I2. */
  #checkBookmarks(): void {
    const states = new Map<string, StateRow>();
    for (const state of this.#tables.states.committed()) if (state.is_current) states.set(state.stream, state);
    for (const name of this.#bookmarks.keys()) if (!states.has(name)) this.#forgetBookmark(name);
    for (const state of states.values()) {
      const last = state.seq ?? -1;
      const batches = this.#tables.ledger.committed().filter(({ epoch, seq }) => epoch === state.epoch && seq <= last);
      if (new Set(batches.map(({ seq }) => seq)).size !== last + 1)
        this.#fail(`I1: the bookmark of ${state.stream} covers a batch that is not committed`);
      const change = bookmarkOf(state);
      if (state.epoch !== null) this.#checkMove(state.stream, state.epoch, change);
      // One sequence numbers everything, so an attempt that was claimed before has a smaller number.
      else this.#barriers.set(state.stream, state.id);
      this.#bookmarks.set(state.stream, change);
      const stream = STREAMS.find((name) => name === state.stream);
      if (stream !== undefined) this.#checkCoverage(stream, change);
    }
  }

  /** I2 for a bookmark that an attempt has written. */
  #checkMove(stream: string, epoch: number, change: number): void {
    if (change < (this.#bookmarks.get(stream) ?? 0)) this.#fail(`I2: the bookmark of ${stream} moved back`);
    if (epoch <= (this.#barriers.get(stream) ?? 0))
      this.#fail(`I2: attempt ${epoch} wrote the bookmark of ${stream} after an operator had changed it`);
  }

  #forgetBookmark(stream: string): void {
    this.#bookmarks.delete(stream);
    this.#barriers.set(stream, Math.max(0, ...this.#tables.attempts.committed().map(({ epoch }) => epoch)));
  }

  /** I1 as the reader of a table sees it: every record up to the bookmark is there, at least as new as it was then. */
  #checkCoverage(stream: StreamName, change: number): void {
    const values = new Map<number, number>();
    for (const { id, value, isDeleted } of this.#tables.target(stream).committed())
      if (!isDeleted) values.set(id, value);
    for (const [id, value] of this.#platform.source.records(stream)) {
      if (value <= change && (values.get(id) ?? -1) < value) {
        this.#fail(
          `I1: the bookmark of ${stream} is ${change}, and record ${id} of change ${value} is not in its table`,
        );
      }
    }
  }

  /** Events have no key: nothing but the protocol keeps them single. */
  #checkDoubles(): void {
    const seen = new Set<number>();
    for (const { id } of this.#tables.target('events').committed()) {
      if (seen.has(id)) this.#fail(`event ${id} is in its table twice`);
      seen.add(id);
    }
  }

  #checkDeletes(): void {
    for (const stream of ['contacts', 'lists'] as const) {
      const records = this.#platform.source.records(stream);
      for (const { id, isDeleted } of this.#tables.target(stream).committed()) {
        if (isDeleted && records.has(id)) this.#fail(`record ${id} of ${stream} is marked as deleted, and exists`);
      }
    }
  }

  /** I4 and I6. */
  #checkAttempts(transaction: Transaction): void {
    const current = new Map(this.#tables.tasks.committed().map(({ id, current_epoch }) => [id, current_epoch]));
    for (const row of this.#tables.attempts.rows) {
      if (row.latest === undefined) continue;
      const { epoch, task_id, outcome } = row.latest;
      if (outcome === null && current.get(task_id) !== epoch)
        this.#fail(`I4: attempt ${epoch} is open beside another one`);
      const isLoaded = outcome === 'loaded' || outcome === 'incomplete';
      if (isLoaded && transaction.written.has(row)) this.#checkRows(epoch);
    }
  }

  #checkRows(epoch: number): void {
    const row = this.#tables.manifests.committed().find((manifest) => manifest.epoch === epoch);
    // Without a manifest nothing was announced.
    const { streams, lastSeq } = Manifest.parse(
      JSON.parse(row?.manifest ?? '{"lastSeq":0,"complete":false,"streams":{}}'),
    );
    const batches = this.#tables.ledger.committed().filter((batch) => batch.epoch === epoch);
    const announced = Object.values(streams).reduce((sum, { rows }) => sum + rows, 0);
    const loaded = batches.reduce((sum, { rows }) => sum + rows, 0);
    if (announced !== loaded || batches.length !== lastSeq + 1) {
      this.#fail(
        `I6: attempt ${epoch} announced ${announced} rows in ${lastSeq + 1} batches, and ${loaded} in ${batches.length} are loaded`,
      );
    }
  }

  /** What has ended stays so, and a run ends with its last task, once. */
  #checkRuns(): void {
    const runs = this.#tables.runs.committed();
    const tasks = this.#tables.tasks.committed();
    for (const { id, status } of tasks) {
      if (!isLive(status)) this.#ended.add(id);
      else if (this.#ended.has(id)) this.#fail(`task ${id} had ended and lives again`);
    }
    if (runs.filter(({ status }) => status === 'running').length > 1) this.#fail('I4: two runs of one pipeline live');
    if (new Set(runs.map(({ cycle_id, pipeline }) => `${cycle_id}/${pipeline}`)).size < runs.length)
      this.#fail('a pipeline has two runs in one cycle');
    const cycles = this.#tables.cycles
      .committed()
      .filter(({ status }) => status === 'extracting' || status === 'transforming');
    if (cycles.length > 1) this.#fail('I4: two cycles live');
    for (const run of runs) {
      if (run.status === 'running') continue;
      if (tasks.some(({ run_id, status }) => run_id === run.id && isLive(status)))
        this.#fail(`run ${run.id} has ended with a live task`);
      const announced = this.#tables.outbox
        .committed()
        .filter(({ type, body }) => type.startsWith('run.') && body.includes(`"${run.id}"`));
      if (announced.length !== 1) this.#fail(`run ${run.id} announced its end ${announced.length} times`);
    }
  }

  #fail(reason: string): void {
    this.#platform.world.fail(reason);
  }
}

/** I5: what is acked is committed, or belongs to an attempt that is over and will never be asked for. */
export function checkAck({ world, database: { tables } }: Platform, { epoch, seq, task }: BatchHeaders): void {
  const isLoaded = tables.ledger.committed().some((batch) => batch.epoch === epoch && batch.seq === seq);
  const isOpen = tables.tasks
    .committed()
    .some(({ id, current_epoch, status }) => id === task && current_epoch === epoch && isUnderWay(status));
  if (!isLoaded && isOpen) world.fail(`I5: batch ${epoch}/${seq} is acked and not committed`);
}

function bookmarkOf(state: StateRow): number {
  const value = parseJson(state.value);
  const bookmarks = isJsonObject(value) ? value['bookmarks'] : undefined;
  const bookmark = isJsonObject(bookmarks) ? bookmarks[state.stream] : undefined;
  return isJsonObject(bookmark) ? changeOf(bookmark) : 0;
}

/** How the tables differ from the source. Undefined: not at all. */
export function difference({ database, source }: Platform): string | undefined {
  for (const stream of STREAMS) {
    const rows = database.tables
      .target(stream)
      .committed()
      .filter(({ isDeleted }) => !isDeleted);
    const loaded = rows
      .map(({ id, value }) => `${id}=${value}`)
      .sort()
      .join(' ');
    const expected = [...source.records(stream)]
      .map(([id, value]) => `${id}=${value}`)
      .sort()
      .join(' ');
    if (loaded !== expected) return `${stream} holds ${loaded}, and the source ${expected}`;
  }
  return undefined;
}
