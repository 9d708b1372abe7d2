import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const LOOPBACK = '127.0.0.1';
/** The role and the broker's user of the scheduler: what the command line does, the scheduler may. */
const DATABASE_ROLE = 'pipeline_scheduler';
const BROKER_USER = 'scheduler';
const Ports = z.record(z.string(), z.number().int());

/** What a run.sh leaves in the folder that it works in, while it runs: `.data`, or `.data/demo` of a demo. */
export interface RunFolder {
  /** Of the page. */
  url: string | undefined;
  token: string | undefined;
  /** How its own PostgreSQL and RabbitMQ are reached, and the Python that has dbt. */
  variables: Record<string, string>;
}

/** Undefined: no run.sh runs here. */
export function findRunFolder(environment: NodeJS.ProcessEnv): RunFolder | undefined {
  const disk = resolve(environment['DISK_STORAGE_PATH'] ?? '.data');
  const folder = [disk, join(disk, 'demo')].find((each) => existsSync(join(each, 'supervisor.pid')));
  if (folder === undefined) return undefined;
  const { scheduler } = portsIn(folder);
  const python = [disk, join(disk, '..')].map((each) => join(each, 'dbt-venv/bin/python')).find(existsSync);
  return {
    url: scheduler === undefined ? undefined : `http://${LOOPBACK}:${scheduler}`,
    token: contentOf(join(folder, 'api-token')),
    variables: {
      ...databaseIn(join(folder, 'postgres')),
      ...brokerIn(join(folder, 'rabbitmq')),
      ...(python === undefined ? {} : { DBT_PYTHON: python }),
    },
  };
}

/** The variables of this process, of `.env`, and below them those of a run.sh that runs here. */
export function withRunFolder(given: Record<string, string>): Record<string, string> {
  const own = findRunFolder(given)?.variables ?? {};
  const isNamed = (name: string) => given[name] !== undefined || given[`${name}_FILE`] !== undefined;
  const kept = Object.entries(own).filter(([name]) =>
    name.startsWith('DB_') ? given['DB_HOST'] === undefined : !isNamed(name),
  );
  return { ...Object.fromEntries(kept), ...given };
}

function databaseIn(folder: string): Record<string, string> {
  const { postgres } = portsIn(folder);
  const password = contentOf(join(folder, `password-of-${DATABASE_ROLE}`));
  if (postgres === undefined || password === undefined) return {};
  return {
    ...{ DB_HOST: LOOPBACK, DB_PORT: String(postgres), DB_DATABASE: 'pipeline', DB_SSLMODE: 'disable' },
    ...{ DB_USERNAME: DATABASE_ROLE, DB_PASSWORD: password },
  };
}

function brokerIn(folder: string): Record<string, string> {
  const { amqp } = portsIn(folder);
  const password = contentOf(join(folder, `password-of-${BROKER_USER}`));
  if (amqp === undefined || password === undefined) return {};
  return { RABBITMQ_URL: `amqp://${BROKER_USER}:${encodeURIComponent(password)}@${LOOPBACK}:${amqp}/` };
}

function portsIn(folder: string): Record<string, number> {
  try {
    return Ports.parse(JSON.parse(contentOf(join(folder, 'ports.json')) ?? '{}'));
  } catch {
    return {};
  }
}

/** Without the line end. Undefined: there is no such file, or it is not ours to read. */
export function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
