import type { Publisher } from '@pipeline/broker';
import { type Alert, discardRejected, replayRejected } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import express, { json, type Router, text } from 'express';
import { rateLimit } from 'express-rate-limit';
import { answerErrors } from './answer-errors.ts';
import { backfillStreamRoute } from './backfill-stream.ts';
import { bearerAuth } from './bearer-auth.ts';
import { cancelRunRoute } from './cancel-run.ts';
import { discardDeadLetterRoute } from './discard-dead-letter.ts';
import { getRejectedRoute } from './get-rejected.ts';
import { getStateRoute } from './get-state.ts';
import { listDeadLettersRoute } from './list-dead-letters.ts';
import { listRejectedRoute } from './list-rejected.ts';
import { pausePipelineRoute } from './pause-pipeline.ts';
import { refreshStreamRoute } from './refresh-stream.ts';
import { replayDeadLetterRoute } from './replay-dead-letter.ts';
import { requestRunRoute } from './request-run.ts';
import { resetStateRoute } from './reset-state.ts';
import { setStateRoute } from './set-state.ts';
import { settleRejectedRoute } from './settle-rejected.ts';
import { skipDeadLetterRoute } from './skip-dead-letter.ts';
import { statusRoute } from './status.ts';

const STREAM = '/pipelines/:name/streams/:stream';
const BODY_BYTES_MAX = 16_384;
/** A state may hold bookmarks of many tenants. */
const STATE_BYTES_MAX = 1024 * 1024;
const REQUESTS_PER_MINUTE = 600;

export interface ApiDeps {
  pool: Pool;
  publisher: Publisher;
  token: string | undefined;
  alerts: () => Promise<Alert[]>;
  /** The schedule has something new to look at. */
  wake: () => void;
}

/** The scheduler's HTTP API. The status is open; everything else needs the token. */
export function addRoutes(router: Router, deps: ApiDeps): void {
  router.use('/api', rateLimit({ windowMs: 60_000, limit: REQUESTS_PER_MINUTE, legacyHeaders: false }));
  router.get('/api/status', statusRoute(deps));
  router.use('/api', bearerAuth(deps.token), operatorRoutes(deps), answerErrors);
}

/** What operators do, also while a run is live. */
function operatorRoutes(deps: ApiDeps): Router {
  const { pool } = deps;
  const routes = express.Router();
  // Taken as text, because a parsed number may be another one.
  routes.put(`${STREAM}/state`, text({ type: 'application/json', limit: STATE_BYTES_MAX }), setStateRoute(pool));
  routes.use(json({ limit: BODY_BYTES_MAX }));
  routes.get(`${STREAM}/state`, getStateRoute(pool));
  routes.delete(`${STREAM}/state`, resetStateRoute(pool));
  routes.post(`${STREAM}/refresh`, refreshStreamRoute(deps));
  routes.post(`${STREAM}/backfill`, backfillStreamRoute(deps));
  routes.post('/pipelines/:name/runs', requestRunRoute(deps));
  routes.post('/pipelines/:name/pause', pausePipelineRoute(deps, true));
  routes.post('/pipelines/:name/resume', pausePipelineRoute(deps, false));
  routes.post('/runs/:id/cancel', cancelRunRoute(deps));
  routes.get('/dead-letters', listDeadLettersRoute(pool));
  routes.post('/dead-letters/:id/replay', replayDeadLetterRoute(deps));
  routes.post('/dead-letters/:id/skip', skipDeadLetterRoute(pool));
  routes.post('/dead-letters/:id/discard', discardDeadLetterRoute(pool));
  routes.get('/rejected-records', listRejectedRoute(pool));
  routes.get('/rejected-records/:id', getRejectedRoute(pool));
  routes.post('/rejected-records/replay', settleRejectedRoute(pool, replayRejected));
  routes.post('/rejected-records/discard', settleRejectedRoute(pool, discardRejected));
  return routes;
}
