import { join } from 'node:path';
import { connectPlatform, runService } from '@pipeline/service';
import { createWarehouse } from '@pipeline/warehouse';
import { createApplyDeletes } from './apply-deletes.ts';
import { createBatchHandler } from './batch-handler.ts';
import { config } from './config.ts';
import { checkDurability } from './durability.ts';
import { startFinaliser } from './finaliser.ts';
import { createMetrics } from './metrics.ts';
import { COLUMN_CONSENT } from './prepare-table.ts';
import { startReplayer } from './replayer.ts';
import { consumeAllSources } from './sources.ts';
import { readStreamSettings } from './stream-settings.ts';
import { configuredTargets } from './stream-targets.ts';

await runService({
  name: 'loader',
  config,
  start: async ({ config, logger, health, metrics, defects, logLines, settings: settingsInForce, tracing }) => {
    const { pool, broker, close } = await connectPlatform({
      name: 'loader',
      config,
      logger,
      health,
      defects,
      logLines,
      settings: settingsInForce,
    });
    if (!config.ALLOW_UNSAFE_DATABASE) await checkDurability(pool);
    const stopping = new AbortController();
    const warehouse = createWarehouse({ pool, columnConsent: COLUMN_CONSENT });
    const settings = readStreamSettings(join(import.meta.dirname, '..', 'config.yml'));
    const targets = configuredTargets(pool, settings, () => performance.now());
    const limits = { rejectedMax: config.LOADER_REJECTED_MAX, rejectedShare: config.LOADER_REJECTED_SHARE };
    const applyDeletes = createApplyDeletes(warehouse, targets);
    const finaliser = startFinaliser({ pool, applyDeletes, limits, logger, defects });
    const handle = createBatchHandler({
      pool,
      warehouse,
      targets,
      finaliser,
      metrics: createMetrics(metrics),
      tracing,
      logger,
      limits,
      signal: stopping.signal,
      onDefect: defects('batches'),
    });
    const sources = consumeAllSources({ pool, broker, prefetch: config.LOADER_PREFETCH, handle, logger, defects });
    const replayer = startReplayer({ pool, warehouse, targets, logger, defects });
    return {
      stop: async () => {
        stopping.abort();
        await Promise.all([sources.stop(), replayer.stop()]);
        await finaliser.stop();
        await close();
      },
    };
  },
});
