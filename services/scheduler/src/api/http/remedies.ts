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
  UNKNOWN_PIPELINE: 'see /api/pipelines for those there are',
  UNKNOWN_STREAM: 'see /api/streams for those there are',
  UNKNOWN_STATE: 'run the stream once: then it has a bookmark',
  UNKNOWN_RUN: 'see /api/runs for those that are kept',
  UNKNOWN_CYCLE: 'see /api/cycles for those that are kept',
  UNKNOWN_CONNECTION: 'see /api/connections for those there are',
  UNKNOWN_SOURCE: 'start its tap: it describes itself then. See /api/sources',
  UNKNOWN_NODE: 'see /api/dbt/graph for those there are',
  UNKNOWN_BUILD: 'see /api/dbt/builds for those that are kept',
  UNKNOWN_RECORD: 'see /api/rejected-records for those there are',
  UNKNOWN_GROUP: 'see /api/rejected-records/groups for those that are open',
  UNKNOWN_DEAD_LETTER: 'see /api/dead-letters for those there are',
  RUN_OVER: 'nothing to do: it has ended',
  NOTHING_FAILED: 'nothing to do: no stream of it failed',
  EXPECTED_DIFFERS: 'look again, and send the number you see then',
  REVISION_DIFFERS: 'reload it and make your change again',
  CONNECTION_EXISTS: 'choose another name',
  CONNECTION_LOCKED: 'change the variable or config.yml and start the tap again',
  CONNECTION_IS_ENVIRONMENTS: 'take its variables away instead',
  BACKFILL_IMPOSSIBLE: 'do what the message says',
  CREDENTIALS_KEY_MISSING: 'set CREDENTIALS_KEY of scheduler and taps, made with openssl rand -hex 32',
  NO_CONSENT_PAGE: 'paste a token instead',
  CONSENT_EXPIRED: 'begin again with Connect',
  BROKER_AWAY: 'wait until RabbitMQ takes messages again; nothing was changed',
  DATABASE_AWAY: 'wait until PostgreSQL responds again; nothing was changed',
  KEY_USED_OTHERWISE: 'take a new Idempotency-Key for another request',
  KEY_UNDER_WAY: 'wait for the first request of this key, then repeat',
  NO_COLUMNS_ASKED: 'nothing to do: run the stream, it will say if there are too many',
  NO_TABLE: 'run the stream once: then it has a table',
  QUERY_TOO_LONG: 'ask again later, or look in PostgreSQL itself',
  SETTING_LOCKED: 'change the variable and start the scheduler again',
};

/** What to do about an error of this code. */
export function remedyOf(code: string, id: string): string {
  if (code === 'INTERNAL') return `see the scheduler's log under ${id}; if it stays, report it`;
  return REMEDIES[code] ?? 'do what the message says';
}
