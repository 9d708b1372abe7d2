import { listPipelineRows, type PipelineRow, refusal } from '@pipeline/control';
import type { Queryable } from '@pipeline/postgres';
import { pipelineName, sourceOfPipeline } from '@pipeline/protocol';

/** A pipeline may be named in short: `xero`. */
export const fullName = (name: string): string => pipelineName(sourceOfPipeline(name));

/** @throws PipelineError `UNKNOWN_PIPELINE` */
export async function knownPipeline(db: Queryable, name: string): Promise<PipelineRow> {
  const [row] = await listPipelineRows(db, fullName(name));
  if (row === undefined) throw unknownPipeline(name);
  return row;
}

export const unknownPipeline = (name: string) =>
  refusal('UNKNOWN_PIPELINE', `there is no pipeline ${sourceOfPipeline(name)}`);
