import type { Pool, Queryable } from '@pipeline/postgres';
import type { PipelineStreams } from '../cycle/pipeline-streams.ts';
import { operate, refusal } from '../operate/operator.ts';
import { requestRunOf } from '../operate/request-runs.ts';
import * as statements from './column-consents.sql.ts';

/** Notes that the table of a stream would have so many columns, far more than it has. True: an operator has allowed that many. */
export async function askForColumns(
  db: Queryable,
  { pipeline, stream }: { pipeline: string; stream: string },
  wanted: number,
): Promise<boolean> {
  const row = await statements.askForColumns.first(db, { pipeline, stream, wanted });
  return (row?.allowed ?? 0) >= wanted;
}

/** Allows the columns that a stream or its children were stopped for, and asks for a run. Returns how many columns each table may have now.
 *  @throws PipelineError `NO_COLUMNS_ASKED`. */
export function allowColumns(
  pool: Pool,
  { pipeline, root, actor }: { pipeline: string; root: Pick<PipelineStreams, 'name' | 'children'>; actor: string },
): Promise<{ stream: string; columns: number }[]> {
  const entry = { actor, action: 'allow-columns', target: `${pipeline}/${root.name}`, details: {} };
  return operate(pool, entry, async (client) => {
    const streams = [root.name, ...root.children];
    const allowed = await statements.allowColumns.all(client, { pipeline, streams, by: actor });
    if (allowed.length === 0) {
      throw refusal(
        'NO_COLUMNS_ASKED',
        `${root.name} was not stopped because of new columns: there is nothing to allow`,
      );
    }
    await requestRunOf(client, pipeline, { streams: [root.name], fullRead: false, massDeletes: false }, actor);
    return allowed;
  });
}
