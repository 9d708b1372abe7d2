import type { Faults } from './faults.ts';
import type { Actor, Process } from './process.ts';
import type { World } from './world.ts';

export interface Message {
  id: string;
  body: unknown;
}

/** A message in the hands of a consumer. */
export interface Delivery {
  queue: string;
  message: Message;
  /** False when the broker has taken it back: an ack has no effect any more. */
  isHeld: boolean;
  holder: Process;
}

/** What the publisher learns, as in libs/broker. */
export type Outcome = 'confirmed' | 'unroutable' | 'lost';

/** Queues that deliver at least once, in any order, and forget everything when their disk is lost. */
export class Broker {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #ready = new Map<string, Message[]>();
  readonly #held = new Set<Delivery>();
  readonly #stored = new Set<string>();
  readonly #unbound = new Set<string>();

  constructor(world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
  }

  /** Sends once. The message or its confirm may be lost on the way; a message that no queue wants comes back. */
  async publish(actor: Actor, queue: string, message: Message): Promise<Outcome> {
    await this.#world.turn(actor, `publishes ${message.id}`);
    if (this.#faults.strikes('publishLost')) return 'lost';
    if (this.#faults.strikes('returned')) this.#unbound.add(queue);
    const isRoutable = !this.#unbound.has(queue);
    if (isRoutable) this.#store(queue, message);
    await this.#world.turn(actor, isRoutable ? `confirm of ${message.id}` : `return of ${message.id}`);
    if (!isRoutable) return 'unroutable';
    return this.#faults.strikes('confirmLost') ? 'lost' : 'confirmed';
  }

  /** Whether a queue has ever had this message. */
  hasStored(message: Message): boolean {
    return this.#stored.has(message.id);
  }

  /** Declares queue and binding again. */
  assert(queue: string): void {
    this.#unbound.delete(queue);
  }

  /** The next message of the queue, held until it is settled. */
  async take(actor: Actor, queue: string): Promise<Delivery> {
    await this.#world.until(actor, `takes from ${queue}`, () => this.depth(queue) > 0);
    const ready = this.#ready.get(queue) ?? [];
    const index = this.#faults.strikes('reorder') ? this.#world.random.below(ready.length) : 0;
    const [message] = ready.splice(index, 1);
    if (message === undefined) return this.take(actor, queue);
    const delivery = { queue, message, isHeld: true, holder: actor.process };
    this.#held.add(delivery);
    return delivery;
  }

  async ack(actor: Actor, delivery: Delivery): Promise<void> {
    await this.#world.turn(actor, `acks ${delivery.message.id}`);
    if (delivery.isHeld) this.#held.delete(delivery);
    delivery.isHeld = false;
  }

  /** Messages that wait for a consumer. */
  depth(queue: string): number {
    return this.#ready.get(queue)?.length ?? 0;
  }

  /** The connections of this process are gone: what it held is delivered again. */
  disconnect(process: Process): void {
    for (const delivery of this.#held) if (delivery.holder === process) this.#takeBack(delivery);
  }

  /** The disk is lost: every queue is empty. */
  wipe(): void {
    this.#ready.clear();
    for (const delivery of this.#held) delivery.isHeld = false;
    this.#held.clear();
  }

  #store(queue: string, message: Message): void {
    this.#stored.add(message.id);
    const ready = this.#ready.get(queue) ?? [];
    ready.push(message);
    if (this.#faults.strikes('duplicate')) ready.push(message);
    this.#ready.set(queue, ready);
  }

  #takeBack(delivery: Delivery): void {
    delivery.isHeld = false;
    this.#held.delete(delivery);
    const ready = this.#ready.get(delivery.queue) ?? [];
    ready.unshift(delivery.message);
    this.#ready.set(delivery.queue, ready);
  }
}
