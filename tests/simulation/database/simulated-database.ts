import type { Pool, PoolClient } from '@pipeline/postgres';
import { PIPELINE, SOURCE } from '../actors/platform.ts';
import { Process } from '../world/process.ts';
import { STREAMS } from '../world/source.ts';
import { World } from '../world/world.ts';
import { Database } from './database.ts';
import { meanings } from './meanings.ts';
import { Dialect } from './statement.ts';

/** A database without faults, for one client after another. */
export interface SimulatedDatabase {
  pool: Pool;
  /** Carries out what waits for the world's turns. */
  run: <T>(work: () => Promise<T>) => Promise<T>;
  /** Two clients: the first does its part and holds it, the second begins, the first ends with this statement. */
  meet: (
    first: (client: PoolClient) => Promise<unknown>,
    second: (pool: Pool) => Promise<unknown>,
    end: string,
  ) => Promise<boolean>;
  /** What is committed, with epochs as places in this list. */
  rows: (epochs: number[]) => object[];
}

export function simulatedDatabase(): SimulatedDatabase {
  const world = new World(1, { trace: false });
  const faults = { cutsStatement: () => false, commit: () => 'confirmed' as const };
  const database = new Database(world, new Dialect(meanings), { faults, onCommit: () => undefined });
  const { tables } = database;
  for (const stream of STREAMS) tables.addTarget(stream, stream !== 'events');
  tables.pipelines.put({
    ...{ name: PIPELINE, source: SOURCE, streams: STREAMS.map((name) => ({ name, children: [] })), paused: false },
    ...{ seen_at: 0, requested_at: null, requested_full_read: false, requested_mass_deletes: false },
  });
  const process = new Process('client', () => undefined);
  world.start(process);
  return {
    pool: database.pool({ name: 'client', process }),
    run: async (work) => {
      const done = Promise.withResolvers<Awaited<ReturnType<typeof work>>>();
      let isDone = false;
      world.spawn(process, 'work', async () => {
        try {
          done.resolve(await work());
        } finally {
          isDone = true;
        }
      });
      while (!isDone) await world.step();
      return done.promise;
    },
    meet: async (first, second, end) => {
      let isReleased = false;
      let hasHeld = false;
      let isDone = false;
      world.spawn(process, 'first', async (actor) => {
        const client = await database.pool(actor).connect();
        await client.query('begin');
        await first(client);
        hasHeld = true;
        await world.until(actor, 'holds', () => isReleased);
        if (end === 'commit') await client.query('commit');
        client.release();
      });
      while (!hasHeld) await world.step();
      world.spawn(process, 'second', async (actor) => {
        await second(database.pool(actor));
        isDone = true;
      });
      while (await world.step());
      const hasWaited = !isDone;
      isReleased = true;
      while (!isDone && (await world.step()));
      while (await world.step());
      return hasWaited;
    },
    rows: (epochs) => {
      const place = (epoch: number | null) => {
        const index = epochs.indexOf(epoch ?? Number.NaN);
        return index === -1 ? null : index;
      };
      const found = [
        ...tables.tasks.committed().map(({ stream, status, attempts, error, current_epoch }) => ({
          ...{ stream, status, attempts, error, attempt: place(current_epoch) },
        })),
        ...tables.attempts
          .committed()
          .map(({ epoch, watermark, applied_seq, outcome, error, cleaned, extracted_at }) => ({
            ...{
              attempt: place(epoch),
              watermark,
              applied_seq,
              outcome,
              error,
              cleaned,
              extracted: extracted_at !== null,
            },
          })),
        ...tables.ledger.committed().map(({ epoch, seq, rows }) => ({ attempt: place(epoch), seq, rows })),
        ...tables.states
          .committed()
          .flatMap(({ epoch, stream, seq, is_current }) =>
            is_current ? [{ attempt: place(epoch), stream, seq }] : [],
          ),
        ...tables.runs.committed().map(({ status, error }) => ({ status, error, ended: false })),
      ];
      return found
        .map((row) => JSON.stringify(row))
        .sort()
        .map((row) => JSON.parse(row));
    },
  };
}
