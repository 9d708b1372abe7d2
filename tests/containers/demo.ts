import { createPool, type Pool } from '@pipeline/postgres';
import { pipelineName } from '@pipeline/protocol';
import { type JsonObject, parseJson } from '@pipeline/singer';
import { type Comparison, compareStream, waitFor } from '@pipeline/testing';
import { sources } from '../../services/sandbox/src/sources.ts';
import { selectedStreams } from '../../tools/selected-streams.ts';
import type { Compose } from './compose.ts';

const PIPELINES = sources.map(({ name }) => pipelineName(name));
const CYCLE_TIMEOUT_MS = 300_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** The demonstration that runs in containers, seen from outside: through published ports only. */
export class Demo {
  pool: Pool;
  readonly #compose: Compose;
  readonly #apiToken: string;
  readonly #password: string;

  constructor(compose: Compose) {
    this.#compose = compose;
    this.#apiToken = compose.secret('scheduler', 'api-token');
    this.#password = compose.secret('postgres', 'db-password');
    this.pool = this.#connect();
  }

  /** A container that was restarted has another port. Waits until database and API respond again. */
  async reconnect(): Promise<void> {
    await this.pool.end();
    this.pool = this.#connect();
    await waitFor(() => this.#isUp().catch(() => false), {
      timeoutMs: CYCLE_TIMEOUT_MS,
      intervalMs: 500,
      what: 'that database and API are back',
    });
  }

  /** Waits until a cycle has ended and none is live or asked for. Returns the status of the newest. */
  async cycleEnd(): Promise<string> {
    return waitFor(
      async () => {
        const { rows } = await this.pool.query<{ status: string; pending: boolean }>(
          `select status, finished_at is null or exists (select from pipeline.pipelines where requested_at is not null) as pending
           from pipeline.cycles order by started_at desc limit 1`,
        );
        return rows[0]?.pending === false ? rows[0].status : undefined;
      },
      { timeoutMs: CYCLE_TIMEOUT_MS, intervalMs: 500, what: 'the end of the cycle' },
    );
  }

  /** Asks the scheduler for a run of every pipeline. */
  async requestRuns(body: { fullRead?: boolean } = {}): Promise<void> {
    for (const name of PIPELINES) {
      const post = () => this.#post(this.#compose.address('scheduler', 8080), `/api/pipelines/${name}/runs`, body);
      // A scheduler that was restarted serves its health before its API.
      await waitFor(() => post().then(() => true), { timeoutMs: REQUEST_TIMEOUT_MS, what: `a run of ${name}` });
    }
  }

  /** Waits until a task of this pipeline is being read. */
  async running(pipeline: string): Promise<void> {
    await waitFor(
      async () =>
        (await this.pool.query(`select from pipeline.tasks where pipeline = $1 and status = 'running'`, [pipeline]))
          .rowCount,
      { timeoutMs: CYCLE_TIMEOUT_MS, intervalMs: 20, what: `a running task of ${pipeline}` },
    );
  }

  /** Asks for a cycle that reads everything unless one is live or asked for, and waits until it has begun. */
  async cycleUnderWay(): Promise<void> {
    if (!(await this.#isBusy())) await this.requestRuns({ fullRead: true });
    await waitFor(
      async () => (await this.pool.query('select from pipeline.cycles where finished_at is null')).rowCount,
      { timeoutMs: CYCLE_TIMEOUT_MS, intervalMs: 20, what: 'a live cycle' },
    );
  }

  async #isBusy(): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `select from pipeline.cycles where finished_at is null
       union all select from pipeline.pipelines where requested_at is not null`,
    );
    return rowCount !== 0;
  }

  async mutate(request: { count: number; everyMs?: number; seed: number }): Promise<void> {
    await this.#post(this.#sandbox, '/mutations', request);
  }

  async mutationsDone(): Promise<void> {
    await waitFor(async () => ((await this.#get('/mutations')) as { done: boolean }[]).every((job) => job.done), {
      timeoutMs: CYCLE_TIMEOUT_MS,
      intervalMs: 250,
      what: 'the end of the mutations',
    });
  }

  /** Compares every selected stream of every source with the truth. */
  async compare(): Promise<{ rows: number; streams: number; differences: Comparison['differences'] }> {
    const total = { rows: 0, streams: 0, differences: [] as Comparison['differences'] };
    for (const [source, streams] of Object.entries((await this.#get('/truth')) as Record<string, JsonObject>)) {
      for (const stream of Object.keys(streams).filter(selectedStreams(source))) {
        const truth = (await this.#get(`/truth/${source}/${stream}`)) as { key: string[]; rows: JsonObject[] };
        const { rows, differences } = await compareStream(this.pool, { source, stream, ...truth });
        total.rows += rows;
        total.streams += 1;
        total.differences.push(...differences);
      }
    }
    return total;
  }

  #connect(): Pool {
    const [host = '', port = ''] = this.#compose.address('postgres', 5432).split(':');
    return createPool({
      host,
      port: Number(port),
      database: 'demo',
      user: 'pipeline',
      password: this.#password,
      sslmode: 'disable',
      applicationName: 'container-test',
      poolSize: 4,
    });
  }

  async #isUp(): Promise<boolean> {
    await this.pool.query('select');
    await request(`http://${this.#compose.address('scheduler', 8080)}/healthz`);
    return true;
  }

  get #sandbox(): string {
    return this.#compose.address('sandbox', 4040);
  }

  async #get(path: string): Promise<unknown> {
    return parseJson(await request(`http://${this.#sandbox}${path}`));
  }

  async #post(address: string, path: string, body: object): Promise<void> {
    await request(`http://${address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#apiToken}` },
      body: JSON.stringify(body),
    });
  }
}

/** A connection for each request: a kept one dies unnoticed while a docker command blocks this process. */
async function request(address: string, options: RequestInit = {}): Promise<string> {
  const headers = { ...options.headers, connection: 'close' };
  const response = await fetch(address, { ...options, headers, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${address} responded with ${response.status}: ${text}`);
  return text;
}
