import type { Queryable } from '@pipeline/postgres';
import * as statements from './stream-targets.sql.ts';

/** A stream of a pipeline. */
export interface PipelineStream {
  pipeline: string;
  source: string;
  stream: string;
}

/** The database schema that takes a stream's table: that of the loader's settings, else its connection's, else the source's name.
 *  @param setting what the settings of the loader say now. */
export async function targetSchema(
  db: Queryable,
  { pipeline, source, stream }: PipelineStream,
  setting: string | undefined,
): Promise<string> {
  if (setting === undefined) await statements.removeSchema.run(db, { pipeline, stream });
  else await statements.setSchema.run(db, { pipeline, stream, databaseSchema: setting });
  const row = await statements.selectSchema.first(db, { pipeline, stream, source });
  return row?.database_schema ?? source;
}
