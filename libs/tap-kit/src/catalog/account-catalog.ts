import { errorMessage, type Logger, PipelineError } from '@pipeline/protocol';
import type { DiscoverContext, Stream, Tap } from '../declaration.ts';
import { type SelectEntry, type Selection, selectStreams } from './selection.ts';

/** After a failure the account is asked again this soon, in milliseconds. */
const RETRY_MS = 60_000;

/** The streams of one connection: those that every account has, and those that only this one has, as it was asked last. */
export class AccountCatalog<Settings> {
  readonly #tap: Pick<Tap<Settings>, 'streams' | 'discoverStreams'>;
  readonly #select: readonly SelectEntry[] | undefined;
  readonly #intervalMs: number;
  readonly #logger: Logger;
  #streams: Stream<Settings>[];
  #selection: Selection;
  #dueAt = Number.NEGATIVE_INFINITY;
  #failure: PipelineError | undefined;

  /** @throws PipelineError `UNKNOWN_STREAM` when `select` names a stream that no account of this source can have. */
  constructor(
    tap: Pick<Tap<Settings>, 'streams' | 'discoverStreams'>,
    options: { select: readonly SelectEntry[] | undefined; intervalSeconds: number; logger: Logger },
  ) {
    this.#tap = tap;
    this.#select = options.select;
    this.#intervalMs = options.intervalSeconds * 1_000;
    this.#logger = options.logger;
    this.#streams = tap.streams;
    this.#selection = selectStreams(tap, options.select, { isOpen: tap.discoverStreams !== undefined });
  }

  get streams(): readonly Stream<Settings>[] {
    return this.#streams;
  }

  get selection(): Selection {
    return this.#selection;
  }

  /** Why the account's own streams could not be listed the last time. */
  get failure(): PipelineError | undefined {
    return this.#failure;
  }

  find(name: string): Stream<Settings> | undefined {
    return this.#streams.find((stream) => stream.name === name);
  }

  /** Whether the account is to be asked again. */
  isDue(now: number): boolean {
    return this.#tap.discoverStreams !== undefined && now >= this.#dueAt;
  }

  /** Asks the account for its own streams. A failure is told and leaves what is known: the other streams do not depend on it. */
  async refresh(open: () => Promise<DiscoverContext<Settings>>, now: number): Promise<void> {
    const { discoverStreams } = this.#tap;
    if (discoverStreams === undefined) return;
    try {
      const { settings, http, cached } = await open();
      const own = await discoverStreams({ settings, http, cached });
      const names = new Set(own.map(({ name }) => name));
      this.#streams = [...this.#tap.streams.filter(({ name }) => !names.has(name)), ...own];
      this.#selection = selectStreams({ streams: this.#streams }, this.#select, { isOpen: true });
      this.#dueAt = now + this.#intervalMs;
      this.#failure = undefined;
      for (const name of this.#selection.unknown) {
        this.#logger.warn({ stream: name }, `\`select\` names ${name}, which this account does not have`);
      }
    } catch (error) {
      this.#dueAt = now + Math.min(RETRY_MS, this.#intervalMs);
      const text = `the account's own streams cannot be listed: ${errorMessage(error)}`;
      this.#failure = error instanceof PipelineError ? error : undefined;
      if (error instanceof PipelineError) this.#logger.warn({ code: error.code }, text);
      else this.#logger.error({ err: error }, text);
    }
  }
}
