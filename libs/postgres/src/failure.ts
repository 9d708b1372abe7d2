import { errorCode, FAILURES, type Failure, type FailureName, failureOfKind, PipelineError } from '@pipeline/protocol';
import { safeText } from './safe-text.ts';
import { isTransient, sqlstate } from './sqlstate.ts';

/** The kind of an error by its SQLSTATE: the first entry whose beginning fits. */
const BY_SQLSTATE: readonly [beginning: string, name: FailureName][] = [
  ['53100', 'database_disk_full'],
  ['53', 'database_overloaded'],
  ['28', 'database_login_refused'],
  ['3D', 'database_missing'],
  ['25006', 'database_read_only'],
  ['25P03', 'database_busy'],
  ['55P03', 'database_busy'],
  ['57014', 'database_busy'],
  ['40', 'database_busy'],
  ['08', 'database_away'],
  ['57', 'database_away'],
  ['58', 'database_away'],
  ['42501', 'right_missing'],
  ['0A', 'table_in_the_way'],
  ['2B', 'table_in_the_way'],
  ['3F', 'table_in_the_way'],
  ['42', 'table_in_the_way'],
  ['21', 'record_does_not_fit'],
  ['22', 'record_does_not_fit'],
  ['23', 'record_does_not_fit'],
  ['54', 'record_does_not_fit'],
];

const BY_CODE: Readonly<Record<string, FailureName>> = {
  TABLE_REFUSED: 'table_in_the_way',
  VIEW_BLOCKS_CHANGE: 'table_in_the_way',
  BATCH_INVALID: 'batch_unreadable',
  SCHEMA_TOO_LARGE: 'batch_unreadable',
  BATCH_CONTENT_CHANGED: 'batch_content_changed',
  BROKER_CLOSED: 'broker_away',
  QUEUE_MISSING: 'broker_away',
  PUBLISH_TIMEOUT: 'broker_blocked',
  BROKER_RIGHT_MISSING: 'broker_right_missing',
};

/** What kind of failure an error is, and what is told of it. Data in, text out: what happens then stands in {@link FAILURES}. */
export function failureOf(error: unknown): Failure {
  const name = nameOf(error);
  const code = errorCode(error) ?? null;
  // Whoever throws a PipelineError says all of it.
  if (error instanceof PipelineError) return { name, code, text: error.message };
  return failureOfKind(name, code, safeText(error));
}

/** The failure when it is one that a loop of a service lives with: it is waited out, or whoever threw it knew what it is. Undefined for anything else,
 *  such as a TypeError or a mistake in a statement: a defect. */
export function expectedFailure(error: unknown): Failure | undefined {
  const failure = failureOf(error);
  return isWaitedOut(failure) || error instanceof PipelineError ? failure : undefined;
}

/** Whether the failure passes by itself or by an operator's hand, so that whatever met it waits. */
export function isWaitedOut({ name }: Failure): boolean {
  return FAILURES[name].effect === 'wait';
}

function nameOf(error: unknown): FailureName {
  if (error instanceof PipelineError) {
    // libs/warehouse says which table PostgreSQL refused; whether that passes, PostgreSQL says.
    const cause = error.code === 'TABLE_REFUSED' ? bySqlstate(error.cause) : undefined;
    if (cause !== undefined && FAILURES[cause].effect === 'wait' && cause !== 'database_busy') return cause;
    return BY_CODE[error.code] ?? byRecovery(error);
  }
  const found = bySqlstate(error);
  if (found !== undefined) return found;
  return isTransient(error) ? 'database_away' : 'unknown';
}

function bySqlstate(error: unknown): FailureName | undefined {
  const state = sqlstate(error);
  if (state === undefined) return undefined;
  return BY_SQLSTATE.find(([beginning]) => state.startsWith(beginning))?.[1];
}

function byRecovery({ recovery, code }: PipelineError): FailureName {
  if (recovery === 'retry') return 'source_unavailable';
  if (recovery === 'fix-config' && code.startsWith('SOURCE_')) return 'source_refuses';
  return 'stream_refused';
}
