import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endLeftover, removePidFile, writePidFile } from '@pipeline/local-stack';
import { type Environment, processEnvironment } from '@pipeline/service/config';
import { ROOT } from './root.ts';
import { isDemoVariable } from './sandbox.ts';

/** What is kept on disk, and the variables a run starts from. */
export interface Installation {
  dataDir: string;
  /** The virtual environment of dbt, shared by demo and real runs. */
  dbtDir: string;
  environment: Environment;
}

/** Decides where the data is. A demo has a folder of its own and reads no `.env`: it must neither write into the warehouse
 *  that is named there nor send its credentials anywhere. */
export function findInstallation(isDemo: boolean): Installation {
  const configured = processEnvironment();
  const disk = resolve(configured['DISK_STORAGE_PATH'] ?? '.data');
  const dataDir = isDemo ? join(disk, 'demo') : disk;
  const environment = isDemo ? withoutSources(process.env) : withAbsoluteFiles(configured);
  return { dataDir, dbtDir: join(disk, 'dbt-venv'), environment: { ...environment, DISK_STORAGE_PATH: dataDir } };
}

/** Makes the data folder ours until the function it returns is called. @throws when another run has it. */
export async function lockInstallation({ dataDir }: Installation): Promise<() => void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = join(dataDir, 'supervisor.pid');
  await endLeftover(lock).catch((cause: unknown) => {
    throw new Error(`another run.sh uses ${dataDir}: stop it, or set DISK_STORAGE_PATH`, { cause });
  });
  writePidFile(lock, process.pid);
  return () => removePidFile(lock);
}

/** The sources that have a tap in this checkout. */
export function knownSources(): string[] {
  return readdirSync(join(ROOT, 'services'))
    .filter((name) => name.startsWith('tap-') && existsSync(mainFile(name)))
    .map((name) => name.slice('tap-'.length));
}

/** The program of a service. */
export function mainFile(service: string): string {
  return join(ROOT, 'services', service, 'src', 'main.ts');
}

function withoutSources(variables: NodeJS.ProcessEnv): Environment {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined || value === '' || isDemoVariable(name) ? [] : [[name, value]],
    ),
  );
}

/** Services run in the data folder, where a relative `DB_PASSWORD_FILE` would mean another file. */
function withAbsoluteFiles(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, name.endsWith('_FILE') ? resolve(value) : value]),
  );
}
