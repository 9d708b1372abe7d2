import type { EncryptionKey } from '@pipeline/control';
import {
  listConnections,
  PIPELINE_HEARTBEAT_MS,
  recordCheck,
  registerEnvironmentConnection,
  registerPipeline,
  registerSource,
  type StoredConnection,
} from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { errorMessage, type Logger, PipelineError, pipelineName } from '@pipeline/protocol';
import { type Loop, startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import type { Tap } from '../declaration.ts';
import { checkAccount, failedCheck } from './check-account.ts';
import { describeSource } from './describe-source.ts';
import type { Environment } from './environment.ts';
import { type LiveConnection, type OpenDeps, openConnection } from './live-connection.ts';
import { selectedTasks } from './registration.ts';
import { type ConnectionSettings, settingsOfConnection } from './saved-connection.ts';

export interface ConnectionsDeps<Settings> {
  tap: Tap<Settings>;
  version: string;
  environment: Environment;
  key: EncryptionKey | undefined;
  pool: Pool;
  logger: Logger;
  defects: Defects;
  /** What one connection is opened with. */
  openDeps: (name: string, settings: ConnectionSettings<Settings>) => OpenDeps;
}

/** The connections of a source that this replica serves: the environment's, and those that people have made. They are read again every few seconds, and
 *  opened anew when they change. Each registers its pipeline. */
export class Connections<Settings> {
  readonly #deps: ConnectionsDeps<Settings>;
  readonly #live = new Map<string, LiveConnection<Settings>>();
  /** Revisions that cannot be opened, told once. */
  readonly #refused = new Map<string, number>();
  #loop: Loop | undefined;

  constructor(deps: ConnectionsDeps<Settings>) {
    this.#deps = deps;
  }

  /** Opens what there is and keeps looking.
   *  @throws PipelineError when the environment's own connection cannot be opened: whoever set the variables must see it. */
  async start(): Promise<void> {
    const { pool, tap, environment, logger, defects } = this.#deps;
    if (environment.isConfigured) {
      const names = new Set(environment.secrets);
      const plain = Object.entries(environment.values).filter(([name]) => !names.has(name));
      await registerEnvironmentConnection(pool, {
        ...{ name: tap.source, source: tap.source, targetSchema: tap.source },
        settings: JSON.parse(JSON.stringify(Object.fromEntries(plain))),
        locked: environment.locked,
        secrets: environment.secrets,
        selection: { select: environment.file.patterns ?? null },
      });
    }
    await this.#refresh({ isStart: true });
    this.#loop = startLoop({
      everyMs: PIPELINE_HEARTBEAT_MS,
      step: () => this.#refresh({ isStart: false }),
      errors: {
        logger,
        waiting: 'the scheduler cannot be told that this tap is alive',
        expected: expectedFailure,
        onDefect: defects('connections'),
      },
    });
  }

  /** The connection of a pipeline. Asks once more if it is not known: it may have been made a moment ago.
   *  @throws PipelineError `CONNECTION_UNKNOWN` */
  async ofPipeline(pipeline: string): Promise<LiveConnection<Settings>> {
    const find = () => [...this.#live.values()].find((connection) => connection.pipeline === pipeline);
    if (find() === undefined) await this.#refresh({ isStart: false });
    const found = find();
    if (found !== undefined) return found;
    throw new PipelineError({
      code: 'CONNECTION_UNKNOWN',
      recovery: 'fix-config',
      message: `the connection of ${pipeline} cannot be used: see its check, and the log of the tap`,
    });
  }

  async stop(): Promise<void> {
    await this.#loop?.stop();
    for (const connection of this.#live.values()) connection.retire();
    this.#live.clear();
  }

  async #refresh({ isStart }: { isStart: boolean }): Promise<void> {
    const { pool, tap } = this.#deps;
    const rows = await listConnections(pool, tap.source);
    const names = new Set(rows.map(({ name }) => name));
    for (const [name, connection] of this.#live) if (!names.has(name)) this.#drop(name, connection);
    for (const row of rows) await this.#bringUp(row, isStart);
    await this.#register();
  }

  #drop(name: string, connection: LiveConnection<Settings>): void {
    connection.retire();
    this.#live.delete(name);
    this.#deps.logger.info({ pipeline: connection.pipeline }, 'the connection was removed');
  }

  async #bringUp(row: StoredConnection, isStart: boolean): Promise<void> {
    const { name, revision } = row;
    const current = this.#live.get(name);
    if (current?.revision === revision || this.#refused.get(name) === revision) return;
    const { tap, environment, openDeps } = this.#deps;
    // Made by variables that are no longer set.
    if (row.origin === 'environment' && !environment.isConfigured && row.sealed === null) return;
    try {
      const settings = settingsOfConnection(tap, row, this.#deps);
      const deps = openDeps(name, settings);
      const opened = await openConnection(tap, row, settings, deps);
      this.#live.set(name, opened);
      current?.retire();
      this.#refused.delete(name);
      void this.#check(opened, deps);
    } catch (error) {
      if (isStart && row.origin === 'environment') throw error;
      this.#refused.set(name, revision);
      await this.#refuse(row, error);
    }
  }

  async #refuse({ name, source }: StoredConnection, error: unknown): Promise<void> {
    const shown = error instanceof PipelineError ? { code: error.code } : { err: error };
    const pipeline = pipelineName(name);
    this.#deps.logger.error({ pipeline, ...shown }, `the connection cannot be opened: ${errorMessage(error)}`);
    const current = this.#live.get(name);
    if (current !== undefined) this.#drop(name, current);
    await recordCheck(this.#deps.pool, { connection: name, source, result: failedCheck(error) });
  }

  /** Looks at the account without being asked, so that people see at once whether a new connection works. */
  async #check(connection: LiveConnection<Settings>, { signals, logger }: OpenDeps): Promise<void> {
    const { pool, tap } = this.#deps;
    const leave = connection.enter();
    try {
      const result = await checkAccount(tap, { ...connection, signals });
      if (signals.stop.aborted) return;
      if (!result.isOk) logger.warn({ code: result.code }, `the account cannot be read: ${result.message}`);
      await recordCheck(pool, { connection: connection.name, source: tap.source, result });
    } catch (err) {
      if (!signals.stop.aborted) logger.warn({ err }, 'the result of a check is not kept');
    } finally {
      leave();
    }
  }

  async #register(): Promise<void> {
    const { pool, tap, version, environment } = this.#deps;
    const [first] = this.#live.values();
    const described = { version, file: environment.file, settings: first?.settings };
    await registerSource(pool, describeSource(tap, described));
    for (const { pipeline, catalog } of this.#live.values()) {
      await registerPipeline(pool, { name: pipeline, source: tap.source, streams: selectedTasks(catalog) });
    }
  }
}
