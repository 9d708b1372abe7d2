import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DBT_EVENTS_QUEUE } from '@pipeline/protocol';
import { connectPlatform, runService } from '@pipeline/service';
import { startBuilder } from './builder.ts';
import { config } from './config.ts';
import { dbtEnvironment, projectArguments } from './dbt-arguments.ts';
import { createEventHandler } from './event-handler.ts';
import { ResidentDbt } from './resident-dbt.ts';
import { saveProject } from './save-project.ts';

await runService({
  name: 'dbt-runner',
  config,
  start: async ({ config, logger, health, defects, logLines, settings, tracing }) => {
    const { pool, broker, close } = await connectPlatform({
      name: 'dbt-runner',
      config,
      logger,
      health,
      defects,
      logLines,
      settings,
    });
    const folder = join(config.DISK_STORAGE_PATH, 'dbt');
    const parsed = join(folder, 'parse');
    const dbt = new ResidentDbt({
      python: config.DBT_PYTHON,
      projectDir: config.DBT_PROJECT_DIR,
      parseArguments: projectArguments(config, parsed),
      environment: dbtEnvironment(config),
      logger,
    });
    await dbt.start();
    await saveProject(pool, parsed, logger);
    health.register('dbt', () => dbt.notReadyBecause());
    const builder = startBuilder({
      pool,
      dbt,
      config,
      folder: join(folder, 'runs'),
      instance: randomUUID(),
      defects,
      tracing,
      logger,
    });
    const stopping = new AbortController();
    const events = await broker.consume(
      { queue: DBT_EVENTS_QUEUE, prefetch: 1 },
      createEventHandler({ pool, target: config.DBT_TARGET, wake: builder.wake, logger, signal: stopping.signal }),
    );
    return {
      stop: async () => {
        stopping.abort();
        await Promise.all([events.stop(), builder.stop()]);
        await close();
      },
    };
  },
});
