import type { Queryable } from '@pipeline/postgres';
import type { RunNotice } from '@pipeline/protocol/api';
import * as statements from './notices.sql.ts';

/** Different notices that are kept of one stream in one run. */
const NOTICES_MAX = 50;
const MESSAGE_LENGTH_MAX = 500;

export interface Notice {
  runId: string;
  stream: string;
  code: string;
  /** Never a record value. */
  message: string;
}

/** Keeps what a person should know of a run and what stops nothing. Said again in the same run, it is counted. */
export async function recordNotice(db: Queryable, notice: Notice): Promise<void> {
  const message = notice.message.slice(0, MESSAGE_LENGTH_MAX);
  await statements.upsertNotice.run(db, { ...notice, message, limit: NOTICES_MAX });
}

/** What was noticed in a run, stream by stream. */
export function listNotices(db: Queryable, runId: string): Promise<RunNotice[]> {
  return statements.selectNotices.all(db, { runId });
}
