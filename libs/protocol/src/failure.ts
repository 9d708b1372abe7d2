const MINUTE_MS = 60_000;

/** What becomes of the work that met a failure. */
export type FailureEffect =
  /** Held and tried again until it is over, at most `waitMs`; nothing is lost, nothing is marked as failed. */
  | 'wait'
  /** The record is set aside in `rejected_records`, the others are loaded. */
  | 'reject-record'
  /** The stream's task fails with this reason; the other streams go on. */
  | 'fail-stream'
  /** The attempt ends, and the task gets another one, up to three. */
  | 'new-attempt'
  /** The message is kept in `dead_letters` with this reason. */
  | 'dead-letter'
  /** Tried three times, then as a dead letter; in a loop of a service, after some repetitions the process ends with an exit code. */
  | 'defect';

export interface FailureKind {
  /** How it shows: SQLSTATE or code. */
  known: string;
  effect: FailureEffect;
  /** Longest wait of one piece of work, in milliseconds. What follows it stands in `after`. */
  waitMs?: number;
  after?: string;
  /** What the operator reads. */
  says: string;
  /** What the operator can do. */
  remedy: string;
}

/** Below RabbitMQ's consumer time-out of 30 minutes, with room for one more try. */
const HOLD_MS = 20 * MINUTE_MS;
const RETURNED =
  'the batch goes back to its queue and comes again; after 20 returns, more than six hours, it is a dead letter';
const BY_ITSELF = 'nothing is lost, and everything goes on by itself afterwards';

/** Every kind of failure and what happens then: one table for loader, taps, scheduler and dbt-runner, and for docs/reference/failures.md. */
export const FAILURES = {
  database_away: {
    known: 'SQLSTATE 08, 57P, 58; ECONNREFUSED and its like; a connection cut',
    effect: 'wait',
    waitMs: HOLD_MS,
    after: RETURNED,
    says: 'PostgreSQL cannot be reached',
    remedy: `start it, or see DB_HOST, DB_PORT and the network; ${BY_ITSELF}`,
  },
  database_disk_full: {
    known: 'SQLSTATE 53100',
    effect: 'wait',
    waitMs: HOLD_MS,
    after: RETURNED,
    says: "PostgreSQL's disk is full",
    remedy: `give the server of PostgreSQL room; ${BY_ITSELF}`,
  },
  database_overloaded: {
    known: 'SQLSTATE 53 except 53100',
    effect: 'wait',
    waitMs: HOLD_MS,
    after: RETURNED,
    says: 'PostgreSQL has no room for another connection, or no memory',
    remedy: `raise max_connections or memory, or run fewer replicas; ${BY_ITSELF}`,
  },
  database_login_refused: {
    known: 'SQLSTATE 28',
    effect: 'wait',
    waitMs: HOLD_MS,
    after: RETURNED,
    says: 'PostgreSQL refuses the login',
    remedy: `set DB_USERNAME and DB_PASSWORD to what the server expects and start the services again, or change the role back; ${BY_ITSELF}`,
  },
  database_missing: {
    known: 'SQLSTATE 3D000',
    effect: 'wait',
    waitMs: HOLD_MS,
    after: RETURNED,
    says: 'PostgreSQL has no such database',
    remedy: `create it, or set DB_DATABASE; ${BY_ITSELF}`,
  },
  database_read_only: {
    known: 'SQLSTATE 25006',
    effect: 'wait',
    waitMs: HOLD_MS,
    after: RETURNED,
    says: 'PostgreSQL is read-only',
    remedy: `point DB_HOST to the primary server, or turn default_transaction_read_only off; ${BY_ITSELF}`,
  },
  database_busy: {
    known: 'SQLSTATE 40, 55P03, 25P03, 57014',
    effect: 'wait',
    waitMs: HOLD_MS,
    after: RETURNED,
    says: 'another session is in the way in PostgreSQL',
    remedy: 'nothing, if it passes; else see pg_stat_activity for who holds the lock',
  },
  right_missing: {
    known: 'SQLSTATE 42501',
    effect: 'wait',
    waitMs: 2 * MINUTE_MS,
    after: 'the stream fails',
    says: 'the role of the service lacks a right in PostgreSQL',
    remedy: 'grant it; the next run goes on from the last bookmark',
  },
  table_in_the_way: {
    known: 'SQLSTATE 0A000, 2BP01, 3F000, 42 except 42501; TABLE_REFUSED, VIEW_BLOCKS_CHANGE',
    effect: 'fail-stream',
    says: 'the table cannot be changed as the stream needs it',
    remedy: 'drop or alter what depends on it or was changed by hand; the next run goes on from the last bookmark',
  },
  stream_refused: {
    known:
      'KEY_CHANGED, KEY_NOT_DECLARED, CONTRACT_FROZEN, TOO_MANY_NEW_COLUMNS, SINGER_INVALID_MESSAGE, and what else is not to be repeated',
    effect: 'fail-stream',
    says: 'the stream cannot be loaded as it is',
    remedy: 'do what the message says; the next run goes on from the last bookmark',
  },
  record_does_not_fit: {
    known: 'SQLSTATE 21, 22, 23, 54',
    effect: 'reject-record',
    says: 'records do not fit their table',
    remedy: 'mend the cause, then replay or discard them under /api/rejected-records',
  },
  batch_unreadable: {
    known: 'BATCH_INVALID, SCHEMA_TOO_LARGE; a body that cannot be opened',
    effect: 'dead-letter',
    says: 'a batch cannot be read',
    remedy: 'do the tap and the loader have the same version? Its attempt ends with a gap and is repeated',
  },
  batch_content_changed: {
    known: 'BATCH_CONTENT_CHANGED',
    effect: 'dead-letter',
    says: 'a batch came again with another content',
    remedy: 'this is a defect: please report it, with the logs of that time',
  },
  broker_away: {
    known: 'BROKER_CLOSED, QUEUE_MISSING; ECONNREFUSED and its like on RABBITMQ_URL',
    effect: 'wait',
    waitMs: 30 * MINUTE_MS,
    after: 'the attempt ends and is repeated from the last bookmark',
    says: 'RabbitMQ cannot be reached',
    remedy: `start it, or see RABBITMQ_URL and the network; ${BY_ITSELF}`,
  },
  broker_blocked: {
    known: 'connection.blocked; PUBLISH_TIMEOUT',
    effect: 'wait',
    waitMs: 30 * MINUTE_MS,
    after: 'the attempt ends and is repeated from the last bookmark',
    says: 'RabbitMQ takes no messages',
    remedy: `give it memory or disk, or see whether the loaders keep up; ${BY_ITSELF}`,
  },
  broker_right_missing: {
    known: 'BROKER_RIGHT_MISSING: ACCESS_REFUSED of RabbitMQ',
    effect: 'fail-stream',
    says: 'the user of the service lacks a right in RabbitMQ',
    remedy: 'give it the permissions of docs/guides/roles.md; the next run goes on from the last bookmark',
  },
  service_silent: {
    known: 'no sign of life in pipeline.instances for 15 seconds, while there is work for the service',
    effect: 'wait',
    after: 'another replica goes on; the task of a tap that is gone is repeated when its lease has run out',
    says: 'a service gives no sign of life',
    remedy: `start it, or see its log and /readyz; ${BY_ITSELF}`,
  },
  source_unavailable: {
    known: 'SOURCE_UNAVAILABLE, SOURCE_UNREACHABLE, SOURCE_RATE_LIMITED, and what else has recovery `retry`',
    effect: 'new-attempt',
    after: 'the stream fails, and the next run goes on from the last bookmark',
    says: 'the source does not respond as it should',
    remedy: 'nothing, if it passes; else see the status page of the source',
  },
  source_refuses: {
    known: 'SOURCE_UNAUTHORISED, SOURCE_FORBIDDEN, and what else has recovery `fix-config`',
    effect: 'fail-stream',
    says: 'the source refuses the access',
    remedy: 'do what the message says: a token, a scope or a setting',
  },
  dbt_failed: {
    known: 'a compilation error, a node that failed',
    effect: 'fail-stream',
    says: 'dbt did not build everything',
    remedy: 'mend the model that the message names; the next cycle builds it again',
  },
  unknown: {
    known: 'anything else',
    effect: 'defect',
    says: 'an unexpected error',
    remedy: 'this may be a defect: please report it, with the logs of that time',
  },
} as const satisfies Record<string, FailureKind>;

export type FailureName = keyof typeof FAILURES;

/** A failure as it is reported: to the log, the run, the alert and the dead letter. */
export interface Failure {
  name: FailureName;
  /** SQLSTATE, or the code of a PipelineError. */
  code: string | null;
  /** What happened, without values of records: what the operator reads, then what the server or the code said, then the remedy. */
  text: string;
}

/** A failure of this kind, as it is reported.
 *  @param said what the server or the code said, without values of records */
export function failureOfKind(name: FailureName, code: string | null, said: string): Failure {
  const { says, remedy } = FAILURES[name];
  return { name, code, text: `${says}: ${said}; ${remedy}` };
}

/** One kind of the table, with every field that a kind may have. */
export function failureKind(name: FailureName): FailureKind {
  return FAILURES[name];
}
