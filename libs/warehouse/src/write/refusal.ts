import { sqlstate } from '@pipeline/postgres';
import type { RejectedRecord } from './batch.ts';

/** What PostgreSQL's codes mean for a record. Its own message would quote the value. */
const REASONS: Record<string, string> = {
  '21000': 'the record has the key of another record of the batch in another spelling',
  '22001': 'the text is longer than its column allows',
  '22003': 'the number is beyond the range of its column',
  '22007': 'the value is no date or time',
  '22008': 'the date is beyond the range of PostgreSQL',
  '22021': 'the text is not UTF-8',
  '22P02': 'the value is not of the type of its column',
  '22P05': 'the text has a character that PostgreSQL cannot store',
  '23502': 'the value is missing and its column does not allow that',
  '23503': 'the row that the value refers to does not exist',
  P0001: 'a trigger of the table refuses the row',
  '23505': 'another row has the same value in a unique index',
  '23514': 'the row breaks a check of its table',
  '54000': 'the row is larger than PostgreSQL can store or index',
  '54001': 'the record is nested too deep',
};

/** Why PostgreSQL refused a record, without the value. */
export function refusalOf(error: unknown): Pick<RejectedRecord, 'column' | 'sqlstate' | 'reason'> {
  return refusalFor(sqlstate(error) ?? 'XX000', columnOf(error), constraintOf(error));
}

export function refusalFor(
  state: string,
  column: string | null,
  constraint: string | null,
): Pick<RejectedRecord, 'column' | 'sqlstate' | 'reason'> {
  const reason = REASONS[state] ?? `PostgreSQL refused the row (${state})`;
  // The database reads the constraint's name from here.
  return { column, sqlstate: state, reason: constraint === null ? reason : `${reason}: constraint "${constraint}"` };
}

/** Codes of errors that a record is to blame for, so that another one may well be taken: its value does not fit (22, 23), it is too large (54), two
 *  of its keys are one to PostgreSQL (21), a trigger raises. */
export const BLAMABLE = /^(21|22|23|54|P0001)/;

/** Whether a record is to blame. */
export function isBlamable(error: unknown): boolean {
  return BLAMABLE.test(sqlstate(error) ?? '');
}

/** The line of a COPY that PostgreSQL could not take, from 1: `COPY stage, line 3, column custom`. */
export function copyLineOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('where' in error) || typeof error.where !== 'string')
    return undefined;
  const line = /^COPY [^\n]*?, line (\d+)/m.exec(error.where)?.[1];
  return line === undefined ? undefined : Number(line);
}

function constraintOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('constraint' in error)) return null;
  return typeof error.constraint === 'string' ? error.constraint : null;
}

/** Constraint errors name the column; errors of a COPY say it in their context: `COPY deals, line 3, column custom`. */
function columnOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('column' in error && typeof error.column === 'string') return error.column;
  if (!('where' in error) || typeof error.where !== 'string') return null;
  return /^COPY [^\n]*?, line \d+, column ("(?:[^"]|"")+"|[^\s:]+)/m.exec(error.where)?.[1] ?? null;
}
