import type { Queryable } from '@pipeline/postgres';
import { schemaText } from '../observe/happening-words.ts';
import type { Problem } from './problem.ts';
import { selectFreshSchemaChanges } from './schema-changes.sql.ts';

/** Tables that changed within the last hour. */
export async function schemaChanges(db: Queryable): Promise<Problem[]> {
  const rows = await selectFreshSchemaChanges.all(db);
  return rows.map(({ table, stream, pipeline, since, ...change }) => ({
    ...{
      kind: 'schema_change',
      subject: `${change.databaseSchema}.${table}`,
      code: 'SCHEMA_CHANGED',
      severity: 'warn',
    },
    title: schemaText({ ...change, tables: [table] }),
    cause: 'The source has other fields, or longer values, than before.',
    remedy: 'nothing, unless a model of yours names the columns of this table',
    effect: '',
    ...{ pipeline, stream, runId: null, since },
  }));
}
