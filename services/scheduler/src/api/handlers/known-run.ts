import { readRunItem, refusal } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RunItem } from '@pipeline/protocol/api';

/** @throws PipelineError `UNKNOWN_RUN` */
export async function knownRun(pool: Pool, id: string): Promise<RunItem> {
  const run = await readRunItem(pool, id);
  if (run === undefined) throw unknownRun(id);
  return run;
}

export const unknownRun = (id: string) => refusal('UNKNOWN_RUN', `there is no run ${id}`);
