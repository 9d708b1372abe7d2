import pg from 'pg';
import type { Transport } from './tls.ts';

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** A pool that finds out with its first connection which of several transports the server takes, and stays with it. */
export class NegotiatingPool extends pg.Pool {
  readonly #transports: readonly Transport[];
  /** As it was given: the pool hides the password of its own copy. */
  readonly #config: pg.PoolConfig;
  #found: Promise<void> | undefined;

  /** @param transports tried in order. */
  constructor(config: pg.PoolConfig, transports: readonly Transport[]) {
    super({ ...config, ssl: transports[0] ?? false });
    this.#transports = transports;
    this.#config = config;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  // The callback form returns nothing.
  override connect(callback?: Connected): Promise<pg.PoolClient> | undefined {
    if (callback === undefined) return this.#negotiated().then(() => super.connect());
    this.#negotiated().then(
      () => super.connect(callback),
      (error: Error) => callback(error, undefined, () => undefined),
    );
    return undefined;
  }

  #negotiated(): Promise<void> {
    if (this.#transports.length === 1) return Promise.resolve();
    this.#found ??= this.#negotiate().catch((error: unknown) => {
      this.#found = undefined;
      throw error;
    });
    return this.#found;
  }

  /** @throws the error of a transport that reached the database, which says most, or of the last one. */
  async #negotiate(): Promise<void> {
    const errors: unknown[] = [];
    for (const transport of this.#transports) {
      const client = new pg.Client({ ...this.#config, ssl: transport });
      // A connection that is lost after it has failed is of no interest.
      client.on('error', () => undefined);
      try {
        await client.connect();
        this.options.ssl = transport;
        return;
      } catch (error) {
        errors.push(error);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
    throw errors.find((error) => error instanceof pg.DatabaseError) ?? errors.at(-1);
  }
}
