import type { Queryable } from '@pipeline/postgres';
import { FAILURES, type Failure } from '@pipeline/protocol';
import * as statements from './obstacles.sql.ts';

/** What a service waits for. */
export interface Obstacle {
  service: string;
  /** What waits: `hubspot.deals`. */
  subject: string;
  failure: Failure;
  pipeline: string | null;
  stream: string | null;
  runId: string | null;
}

/** Says that the service waits, or still does. Repeated at least once a minute, or it counts as over. */
export async function reportObstacle(db: Queryable, { failure, ...where }: Obstacle): Promise<void> {
  const { name: kind, code, text: message } = failure;
  const { remedy } = FAILURES[kind];
  await statements.upsertObstacle.run(db, { ...where, kind, code, message, remedy });
}

/** The wait is over. */
export async function clearObstacle(db: Queryable, service: string, subject: string): Promise<void> {
  await statements.deleteObstacle.run(db, { service, subject });
}
