import { refusal } from '@pipeline/control';
import { sqlstate } from '@pipeline/postgres';

const STATEMENT_TIMEOUT = '57014';

/** Runs a query of a person's, which may not take long. @throws PipelineError `QUERY_TOO_LONG` */
export async function inTime<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (sqlstate(error) === STATEMENT_TIMEOUT) throw refusal('QUERY_TOO_LONG', 'the rows could not be read within 5 s');
    throw error;
  }
}
