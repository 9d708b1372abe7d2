import { randomUUID } from 'node:crypto';
import { commonTopology } from '@pipeline/protocol';
import { connectPlatform, runService } from '@pipeline/service';
import { Router } from 'express';
import { currentAlerts, ownAlerts } from './alerts.ts';
import { startConductor } from './conductor.ts';
import { config } from './config.ts';
import { startControlPlane } from './control-plane.ts';
import { archiveDeadLetters } from './dead-letter-archive.ts';
import { consumeEvents } from './events.ts';
import { keepTopology } from './keep-topology.ts';
import { addMetrics } from './metrics.ts';
import { pageApp } from './page-app.ts';
import { startRelay } from './relay.ts';
import { LiveSettings } from './settings.ts';
import { createTroubles } from './troubles.ts';

await runService({
  name: 'scheduler',
  config,
  hasPage: true,
  start: async (service) => {
    const { config, logger, defects, tracing } = service;
    const instance = randomUUID();
    const { pool, broker, close } = await connectPlatform({
      ...service,
      name: 'scheduler',
      topology: commonTopology,
      instance,
    });
    const topology = keepTopology({ pool, broker, logger, defects });
    const troubles = createTroubles();
    const live = new LiveSettings({ pool, config, settings: service.settings });
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
        if (config.PIPELINE_ONCE) service.shutdown(succeeded ? 0 : 1);
      },
    });
    const wake = () => {
      relay.wake();
      conductor.wake();
    };
    const events = await consumeEvents({ broker, logger, onEvent: wake });
    const deadLetters = await archiveDeadLetters({ pool, broker, logger, defects });
    const alerts = () => currentAlerts({ pool, broker, troubles });
    addMetrics(service.metrics, { pool, alerts });
    const router = Router();
    service.http.setPage(pageApp(router, logger));
    const stopControlPlane = await startControlPlane({
      ...{ pool, broker, logger, config, settings: live, defects, redaction: service.redaction, instance },
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
