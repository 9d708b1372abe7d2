import {
  type Claim,
  claimTask,
  electLeader,
  failTask,
  finalise,
  finishExtraction,
  reapDeadLeases,
  reapLostBatches,
  relayOutbox,
  releaseTask,
  renewLease,
  wakeQueuedTasks,
} from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { errorMessage, PipelineError, RunCommand } from '@pipeline/protocol';
import { loadBatch, manifestOf, noDeletes } from '../../libs/control/test/support.ts';
import { advance } from '../../services/scheduler/src/cycle.ts';
import { SOURCE, silentLogger } from './actors/platform.ts';
import type { Random } from './world/random.ts';

const SEQ_MAX = 3;
const NEVER_MS = 1e9;
const AT_ONCE_MS = -1_000;
const LEASE_MS = 60_000;

/** Carries out operations that chance chooses, one after another, on whatever database is behind the pool. The same random numbers make the same
 *  operations, so two databases that mean the same return the same responses. */
export class RandomClient {
  readonly claims: Claim[] = [];
  readonly #pool: Pool;
  readonly #random: Random;
  readonly #tasks: string[] = [];

  constructor(pool: Pool, random: Random) {
    this.#pool = pool;
    this.#random = random;
  }

  /** A run with commands to claim its tasks by. */
  async begin(): Promise<string> {
    await this.#advance();
    await this.#advance();
    return JSON.stringify(await this.#relay());
  }

  /** Carries out one operation. Returns its name and its response, without ids and epochs, which differ between databases. */
  async next(): Promise<string> {
    const [name, operation] = this.#random.pick(this.#operations);
    try {
      return `${name}: ${JSON.stringify(await operation())}`;
    } catch (error) {
      return `${name}: ${error instanceof PipelineError ? error.code : errorMessage(error)}`;
    }
  }

  readonly #operations: [string, () => Promise<unknown>][] = [
    ['advance', () => this.#advance()],
    ['relay', () => this.#relay()],
    ['claim', () => this.#claim()],
    ['claim', () => this.#claim()],
    ...Array.from({ length: 9 }, (): [string, () => Promise<unknown>] => ['load', () => this.#load()]),
    ['finalise', () => this.#forAttempt(({ epoch }) => finalise(this.#pool, epoch, noDeletes))],
    ['finalise', () => this.#forAttempt(({ epoch }) => finalise(this.#pool, epoch, noDeletes))],
    ['finish extraction', () => this.#forAttempt(({ epoch }) => finishExtraction(this.#pool, epoch))],
    ['release', () => this.#forAttempt(({ epoch }) => this.#release(epoch))],
    ['fail', () => this.#forAttempt(({ epoch }) => this.#fail(epoch))],
    ['renew', () => this.#forAttempt(({ epoch }) => renewLease(this.#pool, epoch, LEASE_MS))],
    ['reap leases', async () => (await reapDeadLeases(this.#pool)).map(({ stream }) => stream).sort()],
    ['reap batches', () => this.#reapBatches()],
    ['wake', () => this.#wake()],
    [
      'lead',
      () =>
        electLeader(this.#pool, 'test', this.#random.pick(['one', 'other']), this.#random.pick([AT_ONCE_MS, LEASE_MS])),
    ],
  ];

  async #advance(): Promise<boolean> {
    const config = {
      ...{
        PIPELINE_INTERVAL_SECONDS: 0,
        PIPELINE_NAMES: [SOURCE],
        PIPELINE_CONCURRENCY: 1,
        DBT_TIMEOUT_SECONDS: NEVER_MS,
      },
    };
    return (await advance({ pool: this.#pool, logger: silentLogger, config }, true)) !== undefined;
  }

  async #relay(): Promise<string[]> {
    const types: string[] = [];
    const commands: RunCommand[] = [];
    await relayOutbox(this.#pool, async ({ type, body }) => {
      types.push(type);
      if (type === 'run') commands.push(RunCommand.parse(JSON.parse(body)));
    });
    // Rows that no ORDER BY sorts come as they lie in the table.
    commands.sort((one, other) => one.stream.localeCompare(other.stream));
    this.#tasks.push(...commands.map(({ taskId }) => taskId));
    return types.sort();
  }

  /** Of a task of any age: most commands are old news. */
  async #claim(): Promise<unknown> {
    if (this.#tasks.length === 0) return undefined;
    const taskId = this.#random.pick(this.#tasks.slice(-4));
    const leaseMs = this.#random.pick([AT_ONCE_MS, LEASE_MS, LEASE_MS]);
    const claim = await claimTask(this.#pool, { taskId, claimedBy: 'client', leaseMs });
    if (claim === undefined) return 'not mine';
    this.claims.push(claim);
    return { stream: claim.stream, state: claim.state };
  }

  /** A batch in any order, again, of an attempt that is over, or with other bytes under the same number. */
  #load(): Promise<unknown> {
    const seq = this.#random.below(SEQ_MAX + 1);
    const isChanged = this.#random.chance(0.1);
    const rows = this.#random.chance(0.1) ? SEQ_MAX : SEQ_MAX + 1;
    return this.#forAttempt((claim, index) =>
      loadBatch(this.#pool, claim, {
        seq,
        ...(seq % 2 === 1 ? { bookmark: `${index}/${seq}` } : {}),
        ...(seq === SEQ_MAX ? { manifest: manifestOf(claim, SEQ_MAX, rows, index % 2 === 0) } : {}),
        ...(isChanged ? { sha256: 'f'.repeat(64) } : {}),
      }),
    );
  }

  async #release(epoch: number): Promise<void> {
    if (this.#random.chance(0.2)) await releaseTask(this.#pool, epoch);
  }

  async #fail(epoch: number): Promise<void> {
    if (this.#random.chance(0.3)) await failTask(this.#pool, epoch, { error: 'gone', retry: this.#random.chance(0.8) });
  }

  async #reapBatches(): Promise<string[]> {
    const lostBatchesMs = this.#random.pick([AT_ONCE_MS, NEVER_MS]);
    const limits = { lostBatchesMs, resendCommandMs: NEVER_MS, noTapMs: NEVER_MS };
    return (await reapLostBatches(this.#pool, async () => true, limits)).map(({ stream }) => stream).sort();
  }

  async #wake(): Promise<string[]> {
    const resendCommandMs = this.#random.pick([AT_ONCE_MS, NEVER_MS]);
    const limits = { lostBatchesMs: NEVER_MS, resendCommandMs, noTapMs: NEVER_MS };
    return (await wakeQueuedTasks(this.#pool, limits)).map(({ stream }) => stream).sort();
  }

  async #forAttempt(work: (claim: Claim, index: number) => Promise<unknown>): Promise<unknown> {
    const recent = this.claims.slice(-3);
    if (recent.length === 0) return undefined;
    const claim = this.#random.pick(recent);
    return (await work(claim, this.claims.indexOf(claim))) ?? null;
  }
}
