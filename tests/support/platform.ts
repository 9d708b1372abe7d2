import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTestDatabase,
  createTestVhost,
  defaultVhost,
  type LocalServers,
  requestBroker,
  stackConnections,
  type TestDatabase,
  type TestVhost,
  type Truth,
  waitFor,
} from '@pipeline/testing';
import { z } from 'zod';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../services/sandbox/src/sandbox.ts';
import { sources as sandboxSources } from '../../services/sandbox/src/sources.ts';
import { dbtPython } from './dbt-python.ts';
import { filledSample } from './filled-sample.ts';
import { type ServiceProcess, startService } from './service-process.ts';
import { serviceUsers } from './service-users.ts';
import { sourceEnvironment } from './source-environment.ts';
import { type Compared, compareAll, sandboxTruth } from './truth.ts';

/** Every source that has a tap and a sandbox. */
export const SOURCES = sandboxSources.map(({ name }) => name);

/** The whole platform on a database and a virtual host of its own: every service a process, the sources in this process. */
export interface Platform {
  database: TestDatabase;
  sandbox: Sandbox;
  services: Map<string, ServiceProcess>;
  apiToken: string;
  /** What the services were told, secrets included. */
  environment: Readonly<Record<string, string>>;
  /** Where the services note what happens to each batch, when they were asked to. */
  historyPath: string;
  /** Services, and servers of its own, that were killed or have killed themselves. */
  kills(): number;
  /** Of the virtual host, for a test that publishes or consumes itself. */
  brokerUrl: string;
  /** @throws when it was not started. */
  service(name: string): ServiceProcess;
  /** Starts a service, also one that died: `tap-xero`, or `loader` as `loader-2`. */
  start(name: string, environment?: Record<string, string>): ServiceProcess;
  /** Asks for a run of every pipeline and waits for the end of the cycle. Returns its status. */
  runCycle(options?: Partial<RunOptions> & { timeoutMs?: number }): Promise<string>;
  /** The number of ended cycles, and the status of the newest. */
  cycles(): Promise<{ ended: number; status: string; error: string | null }>;
  /** Compares every stream of every source with the truth. A row that is there twice is a difference. */
  compare(): Promise<Compared>;
  violations(): Promise<unknown[]>;
  /** Messages of a queue, also those that a consumer holds unacked, as the broker's management counts them: some seconds old. */
  queued(queue: string): Promise<number>;
  /** Bytes of the messages of a queue, as {@link queued} counts them. */
  queuedBytes(queue: string): Promise<number>;
  /** Throws away what waits in a queue. */
  purge(queue: string): Promise<void>;
  /** The log of every service, for a failed test. */
  logs(): string;
  stop(): Promise<void>;
}

/** As an operator asks for a run. */
export interface RunOptions {
  fullRead: boolean;
  massDeletes: boolean;
}

export interface PlatformOptions {
  /** @default all */
  sources?: readonly string[];
  sandbox?: SandboxOptions;
  /** Services to start. @default one of each */
  services?: string[];
  /** Where services are that are not in `services/`: a test's own tap. */
  folders?: Record<string, string>;
  environment?: Record<string, string>;
  /** Whether the services read their variables from a copy of `.env.sample`, as a user's do. @default false: from the process */
  hasEnvFile?: boolean;
  /** Whether the services note what happens to each batch. @default false */
  hasHistory?: boolean;
  /** What a test's own source holds, compared with the others. */
  truth?: () => Truth[];
  /** Servers that this platform has to itself. @default those of the Jest run, shared */
  servers?: LocalServers;
  /** Called when there is a virtual host and no service yet. */
  beforeServices?: (vhost: TestVhost) => Promise<void>;
  /** Restarts a service that died, as Docker and run.sh do. */
  restarts?: boolean;
}

const QueueDepth = z.object({ messages: z.int(), message_bytes: z.int() });
const CYCLE_TIMEOUT_MS = 180_000;
/** The scheduler starts nothing by itself within a test. */
const NEVER_SECONDS = '604800';

export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const servers = options.servers?.connections ?? stackConnections();
  const database = await createTestDatabase(undefined, servers);
  const vhost = options.servers === undefined ? await createTestVhost() : defaultVhost(servers);
  const getQueue = (queue: string) => requestBroker('GET', `/queues/${vhost.name}/${queue}`, undefined, servers);
  const sources = options.sources ?? SOURCES;
  const sandbox = await startSandbox({ rateLimitFactor: 1_000, ...options.sandbox, only: sources });
  const diskPath = await mkdtemp(join(tmpdir(), 'pipeline-e2e-'));
  const historyPath = join(diskPath, 'history.jsonl');
  const apiToken = randomBytes(16).toString('hex');
  const environment: Record<string, string> = {
    ...database.environment,
    RABBITMQ_URL: vhost.url,
    DISK_STORAGE_PATH: diskPath,
    DBT_PYTHON: dbtPython(),
    API_TOKEN: apiToken,
    CREDENTIALS_KEY: randomBytes(32).toString('base64'),
    PIPELINE_INTERVAL_SECONDS: NEVER_SECONDS,
    PIPELINE_NAMES: sources.join(','),
    TAP_RATE_LIMIT_FACTOR: '1000',
    ...sourceEnvironment(sandbox, sources),
    ...(options.hasHistory ? { HISTORY_PATH: historyPath } : {}),
    ...options.environment,
  };
  if (options.hasEnvFile) await writeFile(join(diskPath, '.env'), filledSample(environment));
  await options.beforeServices?.(vhost);
  const isOwnServers = options.servers !== undefined;
  const hasUsers = !isOwnServers && options.hasEnvFile !== true;
  const usersOf = hasUsers
    ? await serviceUsers(servers, { database, vhost, sources: [...sources, 'chaos'] })
    : () => ({});
  const services = new Map<string, ServiceProcess>();
  let stopping = false;
  let killed = 0;
  const start = (name: string, more: Record<string, string> = {}) => {
    const program = name.replace(/-\d+$/, '');
    const service = options.hasEnvFile
      ? startService(program, more, { cwd: diskPath })
      : startService(program, { ...environment, ...usersOf(program), ...more }, { folder: options.folders?.[program] });
    services.set(name, service);
    void service.ended.then((signal) => {
      if (signal === 'SIGKILL') killed += 1;
    });
    return service;
  };
  const wanted = ['loader', ...sources.map((source) => `tap-${source}`), 'dbt-runner', 'scheduler'];
  for (const name of options.services ?? wanted) start(name);
  const reviver = setInterval(() => {
    if (!options.restarts || stopping) return;
    for (const [name, service] of services) if (!service.isRunning()) start(name);
  }, 500);

  // A young queue has no numbers yet.
  const depthOf = (queue: string) => waitFor(async () => QueueDepth.parse(await getQueue(queue)));
  const cycles: Platform['cycles'] = async () => {
    const { rows } = await database.pool.query<{ status: string; error: string | null; ended: string }>(
      `select status, error, (select count(*) from pipeline.cycles where finished_at is not null) as ended
       from pipeline.cycles order by started_at desc limit 1`,
    );
    const row = rows[0];
    return { ended: Number(row?.ended ?? 0), status: row?.status ?? 'none', error: row?.error ?? null };
  };

  return {
    database,
    sandbox,
    services,
    apiToken,
    environment,
    historyPath,
    kills: () => killed + (options.servers?.kills() ?? 0),
    brokerUrl: vhost.url,
    service: (name) => {
      const service = services.get(name);
      if (service === undefined) throw new Error(`${name} was not started`);
      return service;
    },
    start,
    cycles,
    runCycle: async ({ timeoutMs = CYCLE_TIMEOUT_MS, ...run } = {}) => {
      const before = await cycles().catch(() => ({ ended: 0, status: 'none' }));
      // The first cycle is due at once; later ones are asked for.
      if (before.status !== 'none') await requestRuns({ database }, run);
      await waitFor(async () => (await cycles()).ended > before.ended, {
        timeoutMs,
        intervalMs: 200,
        what: 'the end of the cycle',
      });
      const { status } = await cycles();
      if (status === 'failed') process.stderr.write(`the cycle failed: ${await failures(database)}\n`);
      return status;
    },
    compare: () => {
      const own = sources.map((source) => sandboxTruth(sandbox, source, { environment }));
      return compareAll(database.pool, [...own, options.truth?.() ?? []]);
    },
    violations: async () => (await database.pool.query('select * from pipeline.violations')).rows,
    queued: async (queue) => (await depthOf(queue)).messages,
    queuedBytes: async (queue) => (await depthOf(queue)).message_bytes,
    purge: vhost.purge,
    logs: () => [...services].map(([name, service]) => `--- ${name}\n${service.log()}`).join('\n'),
    stop: async () => {
      stopping = true;
      clearInterval(reviver);
      await Promise.all([...services.values()].map((service) => service.stop()));
      await sandbox.stop();
      await vhost.delete();
      await database.drop();
      await rm(diskPath, { recursive: true, force: true });
    },
  };
}

/** What POST /api/pipelines/:name/runs does, for all at once: they become one cycle. Does not wait for its end. */
export async function requestRuns(
  { database }: Pick<Platform, 'database'>,
  { fullRead = false, massDeletes = false }: Partial<RunOptions> = {},
): Promise<void> {
  await database.pool.query(
    `update pipeline.pipelines
     set requested_at = clock_timestamp(), requested_full_read = $1, requested_mass_deletes = $2`,
    [fullRead, massDeletes],
  );
}

/** What failed in the newest cycle, for whoever reads of a failed test. */
async function failures({ pool }: TestDatabase): Promise<string> {
  const { rows } = await pool.query<{ error: string }>(
    `select t.stream || ': ' || t.error as error
     from pipeline.tasks t join pipeline.runs r on r.id = t.run_id
     where t.status = 'failed' and r.cycle_id = (select id from pipeline.cycles order by started_at desc limit 1)`,
  );
  return rows.map(({ error }) => error).join('; ');
}
