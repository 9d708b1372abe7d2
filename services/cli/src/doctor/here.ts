import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Pool } from '@pipeline/postgres';
import { commonTopology, errorMessage, type Logger } from '@pipeline/protocol';
import { withRunFolder } from '../run-folder.ts';
import { accountFinding, clockFinding, diskFinding, type Finding } from './finding.ts';

const BROKER_MS = 10_000;
const DBT_MS = 60_000;
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const run = promisify(execFile);

/** Looks from this machine, with the variables of the services: for a platform whose scheduler does not respond. */
export async function examineHere(): Promise<Finding[]> {
  const [service, { createPool }, { z }] = await Promise.all([
    import('@pipeline/service'),
    import('@pipeline/postgres'),
    import('zod'),
  ]);
  const variables = withRunFolder(service.processEnvironment());
  const fields = z.object({ ...service.databaseFields, ...service.brokerFields });
  const loaded = attempt(() => service.loadConfig(fields, variables));
  const others = await Promise.all([disk(), dbt(variables['DBT_PYTHON'] ?? 'python3')]);
  if (!loaded.isOk) {
    return [
      { name: 'variables', state: 'fail', text: loaded.reason, remedy: 'set them in .env: see .env.sample' },
      ...others,
    ];
  }
  const { config } = loaded.value;
  const pool = createPool({ ...service.databaseOptions(config, 'pipeline-doctor'), poolSize: 1 });
  try {
    const found = [await database(pool, config.DB_HOST), await broker(config.RABBITMQ_URL)].flat();
    return [
      { name: 'variables', state: 'ok', text: 'those of PostgreSQL and RabbitMQ make sense' },
      ...found,
      ...others,
    ];
  } finally {
    await pool.end();
  }
}

async function database(pool: Pool, host: string): Promise<Finding[]> {
  const control = await import('@pipeline/control');
  const before = performance.now();
  try {
    const facts = await control.readDatabaseRights(pool);
    const ms = performance.now() - before;
    const clock = clockFinding((Date.now() - facts.now.getTime()) / 1000, "PostgreSQL's");
    return [rightsFinding(facts, host, ms), clock, ...(facts.hasControl ? await accounts(pool) : [])];
  } catch (error) {
    return [
      {
        name: 'postgresql',
        state: 'fail',
        text: errorMessage(error),
        remedy: 'start it, or correct DB_HOST, DB_USERNAME, DB_PASSWORD',
      },
    ];
  }
}

function rightsFinding(
  facts: {
    version: string;
    mayCreate: boolean;
    isDurable: boolean;
    hasControl: boolean;
    mayChangeControl: boolean;
    user: string;
  },
  host: string,
  ms: number,
): Finding {
  const text = `${facts.version} at ${host}, ${ms.toFixed(0)} ms`;
  const fail = (problem: string, remedy: string): Finding => ({
    name: 'postgresql',
    state: 'fail',
    text: `${text}: ${problem}`,
    remedy,
  });
  if (!facts.mayCreate)
    return fail(`${facts.user} may not create schemas`, `grant create on database … to ${facts.user}`);
  if (facts.hasControl && !facts.mayChangeControl)
    return fail(
      `${facts.user} may not change schema pipeline`,
      `alter schema pipeline owner to ${facts.user}, or see docs/guides/roles.md`,
    );
  if (!facts.isDurable) return fail('synchronous_commit is off', 'alter system set synchronous_commit = on');
  return {
    name: 'postgresql',
    state: 'ok',
    text: `${text}, may create schemas, synchronous_commit on${facts.hasControl ? '' : ', never started yet'}`,
  };
}

async function accounts(pool: Pool): Promise<Finding[]> {
  const { newestChecks } = await import('@pipeline/control');
  return [...(await newestChecks(pool))].map(([name, { result }]) => accountFinding(name, result));
}

async function broker(url: string): Promise<Finding[]> {
  const { connectBroker } = await import('@pipeline/broker');
  const { within } = await import('@pipeline/resilience');
  const name = 'rabbitmq';
  try {
    const connected = connectBroker({ url, name: 'pipeline-doctor', logger: silent, topology: commonTopology });
    const opened = await within(connected, BROKER_MS, undefined);
    if (opened === undefined) throw new Error(`no response within ${BROKER_MS / 1000} s`);
    const { blocked } = opened.health();
    await opened.close();
    if (blocked !== null)
      return [{ name, state: 'fail', text: `takes no messages: ${blocked.because}`, remedy: 'give it memory or disk' }];
    return [{ name, state: 'ok', text: `responds, ${commonTopology.queues.length} queues as declared` }];
  } catch (error) {
    return [{ name, state: 'fail', text: errorMessage(error), remedy: 'start it, or correct RABBITMQ_URL' }];
  }
}

async function disk(): Promise<Finding> {
  const path = process.env['DISK_STORAGE_PATH'] ?? '.';
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return diskFinding({ freeBytes: bavail * bsize, totalBytes: blocks * bsize });
  } catch {
    return {
      name: 'disk',
      state: 'fail',
      text: `${path} is not there`,
      remedy: 'make it, or correct DISK_STORAGE_PATH',
    };
  }
}

async function dbt(python: string): Promise<Finding> {
  try {
    const { stdout } = await run(python, ['-c', 'from dbt.version import __version__; print(__version__)'], {
      timeout: DBT_MS,
    });
    return { name: 'dbt', state: 'ok', text: stdout.trim() };
  } catch {
    const remedy =
      'python3 -m pip install -r services/dbt-runner/requirements.txt, or set DBT_PYTHON to the Python that has it';
    return { name: 'dbt', state: 'warn', text: `${python} has no dbt`, remedy };
  }
}

function attempt<T>(work: () => T): { isOk: true; value: T } | { isOk: false; reason: string } {
  try {
    return { isOk: true, value: work() };
  } catch (error) {
    return { isOk: false, reason: errorMessage(error) };
  }
}
