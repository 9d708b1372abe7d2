import { join } from 'node:path';
import { errorMessage } from '@pipeline/protocol';
import { EXIT_CODES, Redaction } from '@pipeline/service/config';
import { createLogger } from '@pipeline/service/log';
import { announcePage } from './announce.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { dbtPython } from './dbt-python.ts';
import { findInstallation, knownSources, lockInstallation } from './installation.ts';
import { ROOT } from './root.ts';
import { selectSources } from './select-sources.ts';
import { servicePrograms } from './services.ts';
import { type Stores, startStores } from './stores.ts';
import { type Supervised, supervise } from './supervised.ts';
import { ownApiToken, ownVariables } from './variables.ts';

try {
  // Everything is stopped by then: nothing left open may keep us.
  process.exit(await run(parseCommandLine(process.argv.slice(2), knownSources())));
} catch (error) {
  process.stderr.write(`run.sh: ${errorMessage(error)}\n`);
  process.exit(EXIT_CODES.failure);
}

/** Starts everything, waits until something says that it is over, and stops everything. Returns the exit code. */
async function run(commandLine: CommandLine): Promise<number> {
  const finished = Promise.withResolvers<number>();
  const announcing = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => finished.resolve(0));
  const logger = createLogger({ name: 'run.sh', level: 'info', format: 'pretty', redaction: new Redaction() });
  const options = { logger, onFinish: finished.resolve };

  const installation = findInstallation(commandLine.isDemo);
  const { dataDir, dbtDir } = installation;
  const requirements = join(ROOT, 'services/dbt-runner/requirements.txt');
  const installDbt = () => dbtPython({ folder: dbtDir, requirements, logger });
  if (commandLine.isInstall) {
    await installDbt();
    return 0;
  }
  const sources = selectSources(commandLine, installation.environment, knownSources());
  const unlock = await lockInstallation(installation);
  let stores: Stores | undefined;
  let services: Supervised[] = [];
  try {
    const python = await installDbt();
    stores = await startStores(installation, options);
    const environment = {
      ...installation.environment,
      ...(await ownVariables(installation, commandLine, sources)),
      DBT_PYTHON: python,
    };
    const print = (line: string) => void process.stdout.write(`${line}\n`);
    const programs = await servicePrograms({
      dataDir,
      environment,
      environmentOf: stores.environmentOf,
      commandLine,
      sources,
      print,
    });
    services = programs.map((program) => supervise(program, options));
    const port = programs.find(({ name }) => name === 'scheduler')?.port;
    if (port !== undefined && !commandLine.isOnce) {
      const token = ownApiToken(installation);
      void finished.promise.finally(() => announcing.abort());
      void announcePage({ port, token }, logger, announcing.signal);
    }
    return await finished.promise;
  } finally {
    logger.info({}, 'stopping');
    await Promise.all(services.map((service) => service.stop()));
    await stores?.stop();
    unlock();
  }
}
