import { PipelineError } from '@pipeline/protocol';

/** What the whole input is to blame for, or the database: no other stream could go on either. */
const ENDS_THE_RUN = new Set(['DATABASE_UNAVAILABLE', 'BATCH_UNREADABLE', 'CONFIG_INVALID']);

/** Whether the error is about one stream (its table, its contract, its records), so that the others go on. */
export function stopsOneStream(error: unknown): error is PipelineError {
  return error instanceof PipelineError && !error.code.startsWith('SINGER_') && !ENDS_THE_RUN.has(error.code);
}
