import { randomUUID } from 'node:crypto';
import { commonTopology, SCHEDULER_EVENTS_QUEUE } from '@pipeline/protocol';
import { connectPlatform, runService } from '@pipeline/service';
import { Router } from 'express';
import { currentAlerts, ownAlerts } from './alerts.ts';
import { startConductor } from './conductor.ts';
import { config } from './config.ts';
import { startControlPlane } from './control-plane.ts';
import { archiveDeadLetters } from './dead-letter-archive.ts';
import { logEvent, readEvent } from './events.ts';
import { keepTopology } from './keep-topology.ts';
import { addMetrics } from './metrics.ts';
import { pageApp } from './page-app.ts';
import { startRelay } from './relay.ts';
import { LiveSettings } from './settings.ts';
import { createTroubles } from './troubles.ts';

const EVENTS_PREFETCH = 10;

await runService({
  name: 'scheduler',
  config,
  hasPage: true,
  start: async ({
    config,
    logger,
    health,
    metrics,
    defects,
    http,
    redaction,
    shutdown,
    logLines,
    settings,
    tracing,
  }) => {
    const instance = randomUUID();
    const { pool, broker, close } = await connectPlatform({
      name: 'scheduler',
      config,
      topology: commonTopology,
      logger,
      health,
      defects,
      logLines,
      settings,
      instance,
    });
    const topology = keepTopology({ pool, broker, logger, defects });
    const troubles = createTroubles();
    const live = new LiveSettings({ pool, config, settings });
    await live.refresh();
    const relay = startRelay({
      ...{ pool, logger, defects, tracing, publisher: broker.publisher() },
      troubles: troubles.of,
    });
    const conductor = startConductor({
      pool,
      broker,
      logger,
      settings: live,
      instance,
      defects,
      tracing,
      troubles: troubles.of,
      onCycleEnd: (succeeded) => {
        if (config.PIPELINE_ONCE) shutdown(succeeded ? 0 : 1);
      },
    });
    const events = await broker.consume(
      { queue: SCHEDULER_EVENTS_QUEUE, prefetch: EVENTS_PREFETCH },
      async (message) => {
        const event = readEvent(message.body);
        if (event === undefined) return 'dead-letter';
        logEvent(logger, event);
        relay.wake();
        conductor.wake();
        return 'ack';
      },
    );
    const deadLetters = await archiveDeadLetters({ pool, broker, logger, defects });
    const alerts = () => currentAlerts({ pool, broker, troubles });
    addMetrics(metrics, { pool, alerts });
    const router = Router();
    http.setPage(pageApp(router, logger));
    const stopControlPlane = await startControlPlane({
      ...{ pool, broker, logger, config, settings: live, defects, redaction, instance },
      router,
      ownAlerts: () => ownAlerts({ broker, troubles }),
      wake: conductor.wake,
    });
    return {
      stop: async () => {
        await stopControlPlane();
        await Promise.all([events.stop(), deadLetters.stop()]);
        await conductor.stop();
        await relay.stop();
        await topology.stop();
        await close();
      },
    };
  },
});
