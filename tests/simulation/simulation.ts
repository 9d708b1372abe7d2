import { loader } from './actors/loader.ts';
import { operator } from './actors/operator.ts';
import { BATCHES, COMMANDS, EVENTS, PIPELINE, type Platform, SOURCE, type Switch } from './actors/platform.ts';
import { scheduler } from './actors/scheduler.ts';
import { tap } from './actors/tap.ts';
import { Database } from './database/database.ts';
import { meanings } from './database/meanings.ts';
import type { Schema } from './database/schema.ts';
import { Dialect } from './database/statement.ts';
import { difference, Invariants } from './invariants.ts';
import { Broker } from './world/broker.ts';
import { Faults } from './world/faults.ts';
import type { Process } from './world/process.ts';
import { Source, STREAMS } from './world/source.ts';
import { World } from './world/world.ts';

/** A protection switched off: in a statement, in the schema or in a process. */
export interface Mutation {
  off?: Switch;
  dialect?: Dialect;
  alter?: (tables: Schema) => void;
}

export interface Outcome {
  seed: number;
  steps: number;
  /** What went wrong. Undefined: nothing. */
  failure: string | undefined;
  trace: string[];
}

/** Steps in which things go wrong. */
const FAULTY_STEPS_MIN = 150;
const FAULTY_STEPS_MAX = 400;
/** Steps in which everything must have come to rest after that. */
const QUIET_STEPS_MAX = 4_000;
const RESTART_MS_MAX = 4_000;
const FREEZE_MS_MAX = 60_000;

/** Changes of the source between an earlier load and the first step, at most. */
const CHANGES_MAX = 12;
/** The beginning of the world's clock. */
const FIRST_READ = new Date(0).toISOString();

const production = new Dialect(meanings);

/** Runs the platform under the faults of this seed, then without any until it has caught up with its source. */
export async function simulate(seed: number, options: { trace?: boolean; mutation?: Mutation } = {}): Promise<Outcome> {
  const simulation = new Simulation(seed, options);
  await simulation.run();
  const { world } = simulation;
  return { seed, steps: world.steps, failure: world.failure, trace: world.trace ?? [] };
}

/** The first of these seeds, both ends included, in which something goes wrong. */
export async function firstFailure(
  { first, last }: { first: number; last: number },
  mutation: Mutation = {},
): Promise<Outcome | undefined> {
  for (let seed = first; seed <= last; seed += 1) {
    const outcome = await simulate(seed, { mutation });
    if (outcome.failure !== undefined) return outcome;
  }
  return undefined;
}

class Simulation {
  readonly world: World;
  readonly #platform: Platform;
  readonly #processes: Process[];

  constructor(seed: number, { trace = false, mutation = {} }: { trace?: boolean; mutation?: Mutation }) {
    this.world = new World(seed, { trace });
    const faults = new Faults(this.world.random);
    const database = new Database(this.world, mutation.dialect ?? production, {
      faults,
      onCommit: (transaction) => invariants.afterCommit(transaction),
    });
    const source = new Source(this.world.random);
    const broker = new Broker(this.world, faults);
    const isOff = (protection: Switch) => mutation.off === protection;
    this.#platform = { world: this.world, database, broker, source, faults, isOff };
    const invariants = new Invariants(this.#platform);
    this.#processes = [
      ...['scheduler-1', 'scheduler-2'].map((name) => scheduler(this.#platform, name)),
      operator(this.#platform),
      ...['tap-1', 'tap-2'].map((name) => tap(this.#platform, name)),
      ...['loader-1', 'loader-2'].map((name) => loader(this.#platform, name)),
    ];
    this.#install(database.tables);
    if (this.world.random.chance(0.5)) this.#loadBefore(database.tables, source);
    mutation.alter?.(database.tables);
  }

  async run(): Promise<void> {
    for (const process of this.#processes) this.world.start(process);
    const faultySteps = FAULTY_STEPS_MIN + this.world.random.below(FAULTY_STEPS_MAX - FAULTY_STEPS_MIN);
    await this.#runUntil(
      () => this.world.steps >= faultySteps,
      () => this.#strike(),
    );
    if (this.world.failure !== undefined) return;
    this.#calm();
    const last = this.world.steps + QUIET_STEPS_MAX;
    const isLate = () => this.world.steps >= last;
    // What was under way may end as it likes; the cycle after it has no excuse.
    await this.#runUntil(() => isLate() || this.#liveCycle() === undefined);
    this.#request();
    const before = this.#cycles().length;
    await this.#runUntil(() => isLate() || (this.#cycles().length > before && this.#liveCycle() === undefined));
    if (this.world.failure !== undefined) return;
    if (isLate()) return this.world.fail('liveness: the platform does not come to rest');
    const cycle = this.#cycles().at(-1);
    if (cycle?.status !== 'succeeded')
      return this.world.fail(`liveness: a cycle without faults ended as ${cycle?.status}: ${cycle?.error}`);
    const left = difference(this.#platform);
    if (left !== undefined) this.world.fail(`after a quiet cycle ${left}`);
  }

  #install(tables: Schema): void {
    for (const stream of STREAMS) tables.addTarget(stream, stream !== 'events');
    tables.pipelines.put({
      ...{ name: PIPELINE, source: SOURCE, streams: STREAMS.map((name) => ({ name, children: [] })), paused: false },
      ...{ seen_at: 0, requested_at: null, requested_full_read: false, requested_mass_deletes: false },
    });
  }

  /** An earlier cycle has loaded everything, and some records have changed since. */
  #loadBefore(tables: Schema, source: Source): void {
    const change = source.changes;
    for (const [index, stream] of STREAMS.entries()) {
      for (const [id, value] of source.records(stream)) {
        tables.target(stream).put({ id, value, sequence: 1, isDeleted: false });
      }
      const value = JSON.stringify({ bookmarks: { [stream]: { change } }, full_read_at: { [stream]: FIRST_READ } });
      tables.states.put({ id: -index, pipeline: PIPELINE, stream, value, epoch: null, seq: null, is_current: true });
    }
    for (let count = this.world.random.below(CHANGES_MAX); count > 0; count -= 1) source.change();
  }

  async #runUntil(isDone: () => boolean, strike: () => void = () => undefined): Promise<void> {
    while (this.world.failure === undefined && !isDone()) {
      strike();
      this.#platform.database.endLost();
      if (!(await this.world.step())) return this.world.fail('liveness: nothing moves any more');
    }
  }

  /** The faults that strike between two steps. */
  #strike(): void {
    const { world, faults, source, broker, database } = this.#platform;
    const { random } = world;
    if (faults.strikes('sourceChange')) source.change();
    if (faults.strikes('kill')) this.#kill(random.pick(this.#processes));
    if (faults.strikes('freeze')) this.#freeze(random.pick(this.#processes));
    if (faults.strikes('connectionLost')) broker.disconnect(random.pick(this.#processes));
    if (faults.strikes('brokerWipe')) {
      world.note(undefined, 'the broker loses its disk');
      broker.wipe();
    }
    if (faults.strikes('databaseRestart')) {
      world.note(undefined, 'the database restarts');
      database.restart();
    }
  }

  #kill(process: Process): void {
    if (!process.isAlive) return;
    this.world.note(undefined, `${process.name} is killed`);
    this.world.kill(process);
    this.#platform.database.endLost();
    this.#platform.broker.disconnect(process);
    this.world.start(process, RESTART_MS_MAX * this.world.random.next());
  }

  /** After a while the broker hears no heartbeat and gives up on it. */
  #freeze(process: Process): void {
    if (!process.isAlive) return;
    const ms = FREEZE_MS_MAX * this.world.random.next();
    this.world.note(undefined, `${process.name} freezes for ${Math.round(ms)} ms`);
    process.frozenUntil = this.world.now + ms;
    if (this.world.random.chance(0.5)) this.#platform.broker.disconnect(process);
  }

  #calm(): void {
    this.world.note(undefined, 'no more faults');
    const { faults, broker } = this.#platform;
    faults.isOn = false;
    for (const queue of [BATCHES, COMMANDS, EVENTS]) broker.assert(queue);
  }

  /** An operator wants everything read. */
  #request(): void {
    const pipeline = this.#platform.database.tables.pipelines.rows[0];
    const values = pipeline?.latest;
    if (pipeline === undefined || values === undefined) return;
    pipeline.versions.push({ at: 0, values: { ...values, requested_at: this.world.now, requested_full_read: true } });
  }

  #cycles() {
    return this.#platform.database.tables.cycles.committed();
  }

  #liveCycle() {
    return this.#cycles().find(({ status }) => status === 'extracting' || status === 'transforming');
  }
}
