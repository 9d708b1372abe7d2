import type { Registry } from 'prom-client';
import type { Health } from './health.ts';

export interface ProbeResponse {
  status: number;
  /** @default JSON */
  type?: string;
  body: string;
}

/** What is served without a login, by path. */
export type Probes = ReadonlyMap<string, () => ProbeResponse | Promise<ProbeResponse>>;

/** `/healthz`: alive or not, and nothing else. To everybody. */
export function healthProbe(health: Health): Probes {
  return new Map([['/healthz', () => live(health)]]);
}

/** `/livez`, `/readyz` and `/metrics`, for who runs the service. */
export function operatorProbes(health: Health, metrics: Registry): Probes {
  return new Map<string, () => ProbeResponse | Promise<ProbeResponse>>([
    ['/livez', () => live(health)],
    [
      '/readyz',
      async () => {
        const { isReady, checks } = await health.readiness();
        return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', checks });
      },
    ],
    ['/metrics', async () => ({ status: 200, type: metrics.contentType, body: await metrics.metrics() })],
  ]);
}

export function json(status: number, body: object): ProbeResponse {
  return { status, body: JSON.stringify(body) };
}

function live(health: Health): ProbeResponse {
  const isAlive = health.isAlive();
  return json(isAlive ? 200 : 503, { status: isAlive ? 'alive' : 'the event loop stood still' });
}
