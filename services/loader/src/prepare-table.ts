import { askForColumns, type PipelineStream } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { SchemaMessage } from '@pipeline/singer';
import { type ColumnConsent, columnsWanted, type Table, type Warehouse } from '@pipeline/warehouse';
import { type StreamTargets, targetOfSource } from './stream-targets.ts';

/** Nothing is allowed until an operator says so. */
export const COLUMN_CONSENT: ColumnConsent = {
  howTo: 'on the page of the stream, or by "pipeline allow-columns" with its name',
};

interface PrepareDeps {
  pool: Pool;
  warehouse: Warehouse;
  targets?: StreamTargets;
}

/** Makes the table of a stream hold what the schema declares. Where that are too many new columns, it is noted for an operator to allow, and they are
 *  made once they are allowed.
 *  @throws as `Warehouse.prepare`. */
export async function prepareTable(
  { pool, warehouse, targets = targetOfSource }: PrepareDeps,
  schema: SchemaMessage,
  stream: PipelineStream,
): Promise<Table> {
  const target = await targets(stream);
  try {
    return await warehouse.prepare(schema, target);
  } catch (error) {
    const wanted = columnsWanted(error);
    if (wanted === undefined || !(await askForColumns(pool, stream, wanted))) throw error;
    return warehouse.prepare(schema, { ...target, options: { ...target.options, columnConsent: { allowed: wanted } } });
  }
}
