import type { Broker } from '@pipeline/broker';
import { listSources } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import {
  BATCH_QUEUE_BYTES_MAX,
  batchesQueue,
  commandsQueue,
  DBT_EVENTS_QUEUE,
  DEAD_LETTERS_QUEUE,
  SCHEDULER_EVENTS_QUEUE,
} from '@pipeline/protocol';
import type { QueueItem } from '@pipeline/protocol/api';
import type { z } from 'zod';
import { kept } from './kept.ts';
import type { ManagementApi } from './management-api.ts';
import { QueueAges } from './queue-ages.ts';

type Item = z.infer<typeof QueueItem>;

/** Many pages share one look. */
const LOOK_MS = 2_000;

export interface QueueReaderDeps {
  pool: Pool;
  broker: Pick<Broker, 'queueDepth'>;
  /** Undefined: only the length of a queue and its consumers are known. */
  management: ManagementApi | undefined;
}

/** Reads the platform's queues: through the management interface, or where that is away by asking the broker queue by queue. */
export class QueueReader {
  readonly read: () => Promise<Item[]>;
  readonly #deps: QueueReaderDeps;
  readonly #ages = new QueueAges();

  constructor(deps: QueueReaderDeps) {
    this.#deps = deps;
    this.read = kept(LOOK_MS, () => this.#look());
  }

  async #look(): Promise<Item[]> {
    const sources = (await listSources(this.#deps.pool)).map(({ description }) => description.source);
    const limits = new Map(sources.map((source) => [batchesQueue(source), BATCH_QUEUE_BYTES_MAX]));
    const names = [
      ...limits.keys(),
      ...sources.map(commandsQueue),
      ...[SCHEDULER_EVENTS_QUEUE, DBT_EVENTS_QUEUE, DEAD_LETTERS_QUEUE],
    ];
    const managed = await this.#deps.management?.().catch(() => undefined);
    const now = performance.now();
    const items = await Promise.all(
      names.map(async (name) => {
        const queue = managed?.find((candidate) => candidate.name === name);
        if (queue === undefined) return this.#ask(name);
        const { messages, consumers, bytes, perSecond } = queue;
        return { name, messages, consumers, bytes, perSecond, oldestSeconds: this.#ages.note(name, queue, now) };
      }),
    );
    return items.flatMap((item) => (item === undefined ? [] : [{ ...item, bytesMax: limits.get(item.name) ?? null }]));
  }

  async #ask(name: string): Promise<Omit<Item, 'bytesMax'> | undefined> {
    const depth = await this.#deps.broker.queueDepth(name).catch(() => undefined);
    return depth === undefined ? undefined : { name, ...depth, bytes: null, perSecond: null, oldestSeconds: null };
  }
}
