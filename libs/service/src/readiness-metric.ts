import { Gauge, type Registry } from 'prom-client';
import type { Health } from './health.ts';

/** What `/readyz` says, as a metric: a service that waits for a server, or that the broker has blocked, is something to alert on. */
export function addReadinessMetric(registry: Registry, health: Health): void {
  const notReady = new Gauge({
    name: 'service_not_ready',
    help: '1 for a check of /readyz that is not content, 0 for one that is.',
    labelNames: ['check'],
    registers: [registry],
    collect: async () => {
      const { checks } = await health.readiness();
      for (const [check, reason] of Object.entries(checks)) notReady.set({ check }, reason === 'ok' ? 0 : 1);
    },
  });
}
