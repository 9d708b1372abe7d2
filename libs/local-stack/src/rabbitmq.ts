import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { until } from '@pipeline/resilience';
import { type Child, describeExit, type Exit, logTail, startChild } from './child-process.ts';
import { endLeftover } from './pid-file.ts';
import { LOOPBACK, rememberedPorts } from './ports.ts';
import { type RabbitmqProgram, rabbitmqProgram } from './rabbitmq-program.ts';
import { rabbitmqctl } from './rabbitmqctl.ts';
import { rememberedSecret } from './remembered-secret.ts';

export interface RabbitmqOptions {
  /** Holds the broker's data, password, cookie, ports and log. A second start goes on with what is there. */
  dataDir: string;
  /** @default the port of the last start, at first a free one */
  port?: number;
  /** Where RabbitMQ is unpacked when none is installed. @default 'pipeline' in the user's cache folder, shared by all runs */
  cacheDir?: string;
  /** Serves the management API too; 40 MB more memory. @default false */
  hasManagement?: boolean;
  /** Users, exchanges and queues to import at every start, in the form of RabbitMQ's `definitions.json`; must name the user `pipeline`.
   *  @default that user, with all rights */
  definitions?: (password: string) => object;
}

export interface RabbitmqServer {
  host: string;
  port: number;
  /** Of the management API, when it was asked for. */
  managementPort: number | undefined;
  user: string;
  password: string;
  /** `amqp://user:password@host:port/` */
  url: string;
  pid: number;
  logFile: string;
  /** Settles when the broker has ended, asked for or not. */
  exited: Promise<Exit>;
  /** Closes all connections, writes what is in memory and ends. */
  stop(): Promise<void>;
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>;
  /** Runs `rabbitmqctl` with these arguments. @throws with what it says when it fails. */
  control(...args: string[]): Promise<string>;
}

type Ports = Record<'amqp' | 'management' | 'distribution' | 'epmd', number>;

const USER = 'pipeline';
const NODE_NAME = 'pipeline@localhost';
/** Recovery of full queues on a slow disk is the longest. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 200;
const PROBE_TIMEOUT_MS = 2_000;
/** With less free disk than this the broker takes no more messages, before PostgreSQL beside it has none left. */
const DISK_FREE_LIMIT = '256MB';

/** Starts a private RabbitMQ node as a local process: its own cookie, node name, ports and port mapper, all on 127.0.0.1; it
 *  neither reads the machine's configuration nor meets another broker. RabbitMQ is found or unpacked by `rabbitmqProgram`.
 *  @throws when there is no RabbitMQ to be had, or it does not respond in time, with the end of its log. */
export async function startRabbitmq(options: RabbitmqOptions): Promise<RabbitmqServer> {
  try {
    return await startNode(options);
  } catch (error) {
    // Between the look at a port and its use somebody else may have taken it; a second look finds that out.
    if (!(error instanceof Error && PORT_TAKEN.test(error.message))) throw error;
    return startNode(options);
  }
}

const PORT_TAKEN = /eaddrinuse|could_not_start_listener/;

async function startNode(options: RabbitmqOptions): Promise<RabbitmqServer> {
  const { dataDir, cacheDir, hasManagement } = options;
  const program = await rabbitmqProgram(cacheDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  await endLeftover(join(dataDir, 'rabbitmq.pid'));
  await endLeftover(join(dataDir, 'epmd.pid'));
  const names = ['amqp', 'management', 'distribution', 'epmd'] as const;
  const remembered = await rememberedPorts(join(dataDir, 'ports.json'), names);
  const ports = { ...remembered, amqp: options.port ?? remembered.amqp };
  const password = rememberedSecret(join(dataDir, 'password'));
  writeConfig(dataDir, ports, password, options);

  const epmd = await startPortMapper(program, dataDir, ports);
  const broker = await startBroker(program, dataDir, ports);
  // The port mapper never outlives the broker, or it would be in the way of the next start.
  const exited = broker.exited.then(async (exit) => {
    await epmd.stop('SIGTERM', STOP_TIMEOUT_MS);
    return exit;
  });
  const stop = async () => {
    await broker.stop('SIGTERM', STOP_TIMEOUT_MS);
    await exited;
  };
  const logFile = join(dataDir, 'rabbitmq.log');
  try {
    await waitForResponse(broker, ports.amqp, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    host: LOOPBACK,
    port: ports.amqp,
    managementPort: hasManagement ? ports.management : undefined,
    user: USER,
    password,
    url: `amqp://${USER}:${password}@${LOOPBACK}:${ports.amqp}/`,
    pid: broker.pid,
    logFile,
    exited,
    stop,
    kill: async () => {
      await broker.kill();
      await exited;
    },
    control: (...args) => rabbitmqctl(program, nodeEnvironment(program, dataDir, ports), args),
  };
}

function writeConfig(
  dataDir: string,
  ports: Ports,
  password: string,
  { hasManagement = false, definitions }: RabbitmqOptions,
): void {
  const definitionsFile = join(dataDir, 'definitions.json');
  if (definitions !== undefined) writeFileSync(definitionsFile, JSON.stringify(definitions(password)), { mode: 0o600 });
  const lines = [
    `listeners.tcp.1 = ${LOOPBACK}:${ports.amqp}`,
    `default_user = ${USER}`,
    `default_pass = ${password}`,
    `disk_free_limit.absolute = ${DISK_FREE_LIMIT}`,
    ...(definitions === undefined ? [] : [`load_definitions = ${definitionsFile}`]),
    ...(hasManagement ? [`management.tcp.ip = ${LOOPBACK}`, `management.tcp.port = ${ports.management}`] : []),
  ];
  writeFileSync(join(dataDir, 'rabbitmq.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  writeFileSync(join(dataDir, 'enabled_plugins'), hasManagement ? '[rabbitmq_management].\n' : '[].\n');
}

/** As a child in the foreground. Erlang would start one by itself, which outlives everything and listens on all addresses. */
function startPortMapper({ epmd, path }: RabbitmqProgram, dataDir: string, ports: Ports): Promise<Child> {
  return startChild({
    command: epmd,
    args: ['-port', String(ports.epmd), '-address', LOOPBACK],
    cwd: dataDir,
    env: { PATH: path, HOME: dataDir },
    output: join(dataDir, 'epmd.log'),
    pidFile: join(dataDir, 'epmd.pid'),
  });
}

/** What finds the node: for the broker itself, and for whoever talks to it. */
function nodeEnvironment({ path }: RabbitmqProgram, dataDir: string, ports: Ports): Record<string, string> {
  return {
    PATH: path,
    LANG: 'C.UTF-8',
    // Erlang keeps its cookie here.
    HOME: dataDir,
    ERL_EPMD_ADDRESS: LOOPBACK,
    ERL_EPMD_PORT: String(ports.epmd),
    RABBITMQ_NODENAME: NODE_NAME,
    // This need not exist; unset, the one below /etc/rabbitmq would be read.
    RABBITMQ_CONF_ENV_FILE: join(dataDir, 'rabbitmq-env.conf'),
  };
}

function startBroker(program: RabbitmqProgram, dataDir: string, ports: Ports): Promise<Child> {
  return startChild({
    command: program.server,
    args: [],
    cwd: dataDir,
    env: {
      ...nodeEnvironment(program, dataDir, ports),
      RABBITMQ_DIST_PORT: String(ports.distribution),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {${LOOPBACK.replaceAll('.', ',')}}`,
      RABBITMQ_MNESIA_BASE: join(dataDir, 'data'),
      RABBITMQ_LOG_BASE: dataDir,
      RABBITMQ_LOGS: '-',
      RABBITMQ_ENABLED_PLUGINS_FILE: join(dataDir, 'enabled_plugins'),
      RABBITMQ_CONFIG_FILE: join(dataDir, 'rabbitmq.conf'),
      // These need not exist; unset, the files below /etc/rabbitmq would be read.
      RABBITMQ_CONFIG_FILES: join(dataDir, 'conf.d', '*.conf'),
      RABBITMQ_ADVANCED_CONFIG_FILE: join(dataDir, 'advanced.config'),
      // Makes the start script become Erlang instead of waiting for it: the process we stop is the broker.
      RUNNING_UNDER_SYSTEMD: 'true',
    },
    output: join(dataDir, 'rabbitmq.log'),
    pidFile: join(dataDir, 'rabbitmq.pid'),
  });
}

async function waitForResponse(broker: Child, port: number, logFile: string): Promise<void> {
  const responds = async () => {
    if (await speaksAmqp(port)) return true;
    if (!broker.hasExited()) return false;
    throw new Error(`RabbitMQ ended with ${describeExit(await broker.exited)}:\n${logTail(logFile)}`);
  };
  if (await until(responds, { everyMs: POLL_MS, forMs: START_TIMEOUT_MS })) return;
  throw new Error(`RabbitMQ did not respond within ${START_TIMEOUT_MS / 1_000} s:\n${logTail(logFile)}`);
}

/** Sends AMQP 0-9-1's protocol header; a broker that has finished booting responds with `connection.start`. */
function speaksAmqp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    const finish = (response: boolean) => {
      socket.destroy();
      resolve(response);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, () => finish(false));
    socket.once('error', () => finish(false)).once('close', () => finish(false));
    socket.once('connect', () => socket.write('AMQP\x00\x00\x09\x01'));
    // A method frame; a refusal would repeat the header, which begins with "A".
    socket.once('data', (response) => finish(response[0] === 1));
  });
}
