import type { Actor, Process } from './process.ts';
import { Random } from './random.ts';

interface Waiting {
  actor: Actor;
  what: string;
  /** It may go on from this time, whatever the condition says. */
  at: number;
  isReady: () => boolean;
  resume: () => void;
}

/** Longest line of a trace: the beginning of a statement tells which it is. */
const NOTE_LENGTH = 150;

const NEVER = () => false;
/** Time that one step takes, in milliseconds, at most. */
const STEP_MS_MAX = 20;

/** Time, chance and the turns of all actors. Every wait of an actor ends here, so exactly one of them moves at a time, and which one is
 *  the seed's choice. */
export class World {
  readonly random: Random;
  /** What happened, for people. Undefined while nobody wants to read it. */
  readonly trace: string[] | undefined;
  now = 0;
  steps = 0;
  /** The first thing that went wrong. */
  failure: string | undefined;
  /** Times at which something ends by itself, beside what actors wait for. */
  readonly alarms: (() => number)[] = [];
  #waiting: Waiting[] = [];
  #arrived: () => void = () => undefined;

  constructor(seed: number, options: { trace: boolean }) {
    this.random = new Random(seed);
    this.trace = options.trace ? [] : undefined;
  }

  note(actor: Actor | undefined, what: string): void {
    this.trace?.push(
      `${String(this.now).padStart(8)} ms  ${(actor?.name ?? '-').padEnd(22)} ${what.slice(0, NOTE_LENGTH)}`,
    );
  }

  fail(reason: string): void {
    this.note(undefined, `VIOLATION ${reason}`);
    this.failure ??= reason;
  }

  /** The next turn of this actor, whenever it comes. */
  turn(actor: Actor, what: string): Promise<void> {
    return this.#wait(actor, what, this.now, NEVER);
  }

  sleep(actor: Actor, ms: number): Promise<void> {
    return this.#wait(actor, 'wakes', this.now + ms, NEVER);
  }

  /** Until the condition holds, at most until this time. */
  until(actor: Actor, what: string, isReady: () => boolean, at = Number.POSITIVE_INFINITY): Promise<void> {
    return this.#wait(actor, what, at, isReady);
  }

  /** Starts an actor: its first turn is yet to come. */
  spawn(process: Process, name: string, body: (actor: Actor) => Promise<void>): void {
    const actor = { name: `${process.name} ${name}`, process };
    const resume = () => {
      body(actor).then(
        () => this.#arrived(),
        (error: unknown) => {
          this.fail(`${actor.name} died of ${error instanceof Error ? error.stack : String(error)}`);
          this.#arrived();
        },
      );
    };
    this.#waiting.push({ actor, what: 'starts', at: this.now, isReady: NEVER, resume });
  }

  /** A process is alive from now on; its actors move after `delayMs`. */
  start(process: Process, delayMs = 0): void {
    process.isAlive = true;
    process.frozenUntil = this.now + delayMs;
    process.boot(process);
  }

  /** What waits will wait for ever: nothing of this life comes back. */
  kill(process: Process): void {
    process.isAlive = false;
    process.life += 1;
    this.#waiting = this.#waiting.filter(({ actor }) => actor.process !== process);
  }

  /** One turn of one actor. False: nothing will ever move again. */
  async step(): Promise<boolean> {
    const ready = this.#ready();
    if (ready.length === 0) return false;
    const next = this.random.pick(ready);
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.steps += 1;
    this.now += this.random.below(STEP_MS_MAX);
    if (this.trace !== undefined) this.note(next.actor, next.what);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#arrived = resolve;
    next.resume();
    await promise;
    return true;
  }

  #wait(actor: Actor, what: string, at: number, isReady: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ actor, what, at, isReady, resume: resolve });
    this.#arrived();
    return promise;
  }

  #ready(): Waiting[] {
    let ready = this.#waiting.filter((waiting) => this.#isReady(waiting));
    while (ready.length === 0) {
      const next = this.#nextAlarm();
      if (next === Number.POSITIVE_INFINITY) return [];
      this.now = next;
      ready = this.#waiting.filter((waiting) => this.#isReady(waiting));
    }
    return ready;
  }

  #isReady({ actor, at, isReady }: Waiting): boolean {
    return this.now >= actor.process.frozenUntil && (this.now >= at || isReady());
  }

  #nextAlarm(): number {
    let next = Number.POSITIVE_INFINITY;
    const consider = (at: number) => {
      if (at > this.now && at < next) next = at;
    };
    for (const { at, actor } of this.#waiting) {
      consider(at);
      consider(actor.process.frozenUntil);
    }
    for (const alarm of this.alarms) consider(alarm());
    return next;
  }
}
