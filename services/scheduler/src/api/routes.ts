import type { Pool } from '@pipeline/postgres';
import { json, type Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { bearerAuth } from './bearer-auth.ts';
import { requestRunRoute } from './request-run.ts';
import { statusRoute } from './status.ts';

const BODY_BYTES_MAX = 16_384;
const REQUESTS_PER_MINUTE = 600;

/** The scheduler's HTTP API. What changes something needs the token. */
export function addRoutes(router: Router, deps: { pool: Pool; token: string | undefined; wake: () => void }): void {
  router.use('/api', rateLimit({ windowMs: 60_000, limit: REQUESTS_PER_MINUTE, legacyHeaders: false }));
  router.get('/api/status', statusRoute(deps.pool));
  router.post(
    '/api/pipelines/:name/runs',
    bearerAuth(deps.token),
    json({ limit: BODY_BYTES_MAX }),
    requestRunRoute({ pool: deps.pool, wake: deps.wake }),
  );
}
