/** What to do about each error of the API. One place, so that page, command line and alert say the same. */
const REMEDIES: Record<string, string> = {
  REQUEST_INVALID: 'correct the fields named and send it again',
  BODY_NOT_JSON: 'send JSON with Content-Type: application/json',
  BODY_TOO_LARGE: 'send less at once',
  NUL_CHARACTER: 'take the NUL character out: PostgreSQL cannot store it',
  NOT_LOGGED_IN: 'log in, or send Authorization: Bearer <access token>',
  LOGIN_REFUSED:
    'take a valid access token: run.sh demo prints it, and the file .data/api-token or the variable API_TOKEN holds it',
  TOO_MANY_LOGINS: 'wait a minute, then try again',
  TOO_MANY_REQUESTS: 'ask less often: the page needs one request a view',
  ROLE_TOO_LOW: 'log in with a token of that role, or ask an admin for one',
  CSRF_TOKEN_WRONG: 'reload the page',
  UNKNOWN_ROUTE: 'see /api/docs for what there is',
  UNKNOWN_PIPELINE: 'see the page Connections, pipeline schedule or /api/pipelines for those there are',
  UNKNOWN_STREAM: 'see the page Streams, pipeline streams or /api/streams for those there are',
  UNKNOWN_STATE:
    'see its bookmarks on the page or with pipeline state history; a stream that was never loaded has none',
  UNKNOWN_RUN: 'see the page Runs, pipeline runs or /api/runs for those that are kept',
  UNKNOWN_CYCLE: 'see /api/cycles for those that are kept',
  UNKNOWN_CONNECTION: 'see the page Connections, pipeline connections or /api/connections for those there are',
  UNKNOWN_SOURCE: 'start its tap: it describes itself then. See /api/sources',
  UNKNOWN_NODE: 'see the page Models, pipeline dbt nodes or /api/dbt/graph for those there are',
  UNKNOWN_BUILD: 'see /api/dbt/builds for those that are kept',
  UNKNOWN_RECORD: 'see the page Quarantine, pipeline quarantine list or /api/rejected-records for those there are',
  UNKNOWN_GROUP: 'see the page Quarantine or pipeline quarantine list for those that are open',
  UNKNOWN_DEAD_LETTER: 'see the page Quarantine, pipeline dead list or /api/dead-letters for those there are',
  UNKNOWN_CHANNEL: 'see System, Alerts or pipeline alerts list for those there are',
  UNKNOWN_CHECK: 'ask for a new check: they are kept for a day',
  UNKNOWN_CONSENT: 'begin again with Connect',
  UNKNOWN_SESSION: 'nothing to do: it has ended',
  UNKNOWN_TOKEN: 'see System, Access or pipeline token list for those that are valid',
  RUN_OVER: 'nothing to do: it has ended',
  NOTHING_FAILED: 'nothing to do: nothing of it failed',
  NOTHING_TO_RUN: 'resume a pipeline, or start its tap',
  NO_FAILING_ROWS: 'nothing to do: it finds no row',
  ATTEMPT_OVER: 'discard it: a later attempt reads its records again',
  NOT_A_BATCH: 'discard it: what it asked for is asked again by the next cycle',
  BATCH_UNREADABLE: 'discard it: its attempt is repeated, and its records are read again',
  BATCH_CONTENT_CHANGED: 'discard it, and report it: this is a defect',
  DEAD_LETTER_CLOSED: 'nothing to do: it is dealt with',
  EXPECTED_DIFFERS: 'look again, and send the number you see then',
  REVISION_DIFFERS: 'reload it and make your change again',
  CONNECTION_EXISTS: 'choose another name',
  CHANNEL_EXISTS: 'choose another name',
  CONNECTION_LOCKED: 'change the variable or config.yml and start the tap again',
  CONNECTION_IS_ENVIRONMENTS:
    'what variables make is changed by its variables and config.yml: set them or take them away, and start its tap again',
  VARIABLE_MISSING: 'set it for the scheduler, from where it is read, and start the scheduler again',
  BACKFILL_IMPOSSIBLE: 'refresh the stream instead: that reads all of it',
  CREDENTIALS_UNREADABLE: 'set CREDENTIALS_KEY to the one that it was saved with, or enter the secret anew',
  CREDENTIALS_KEY_MISSING: 'set CREDENTIALS_KEY of scheduler and taps, made with openssl rand -hex 32',
  NO_CONSENT_PAGE: 'paste a token instead',
  CONSENT_CLIENT_MISSING: 'enter client id and client secret of the app that asks',
  CONSENT_EXPIRED: 'begin again with Connect',
  BROKER_AWAY: 'wait until RabbitMQ takes messages again; nothing was changed',
  DATABASE_AWAY: 'wait until PostgreSQL responds again; nothing was changed',
  KEY_USED_OTHERWISE: 'take a new Idempotency-Key for another request',
  KEY_UNDER_WAY: 'wait for the first request of this key, then repeat',
  NO_COLUMNS_ASKED: 'nothing to do: run the stream, it will say if there are too many',
  NO_TABLE: 'run the stream once: then it has a table',
  QUERY_TOO_LONG: 'ask again later, or look in PostgreSQL itself',
  SCHEDULE_INVALID: 'write it as "0 6 * * 1-5" with a time zone such as Europe/Berlin',
  STATE_INVALID: 'take the form that pipeline state get prints, or go back to a bookmark of the history',
  TOO_MANY_LISTENERS: 'close some pages',
  SETTING_LOCKED: 'change the variable and start the scheduler again',
};

/** Codes that have a remedy of their own. */
export const KNOWN_CODES: ReadonlySet<string> = new Set([...Object.keys(REMEDIES), 'INTERNAL']);

/** What to do about an error of this code. */
export function remedyOf(code: string, id: string): string {
  if (code === 'INTERNAL') return `see the scheduler's log under ${id}; if it stays, report it`;
  return REMEDIES[code] ?? 'do what the message says';
}
