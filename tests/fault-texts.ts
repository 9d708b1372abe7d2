/** What an operator reads of a fault, word for word, and the test that brings the fault about and compares. Parts that differ stand in `<>`. */
export interface FaultText {
  fault: string;
  /** Where it is read. */
  where: string;
  text: string;
  test: { file: string; name: string };
}

const LOADER = 'services/loader/test/trouble.integration.test.ts';
const CHAOS = 'tests/chaos/server-trouble.test.ts';
const PAGES = 'libs/tap-kit/test/pages-guard.test.ts';
const ROUTES = 'services/scheduler/test/routes.integration.test.ts';
const ALARM = 'waits while RabbitMQ has a $alarm alarm, says so, and goes on within 10 s of its end';
const CUT =
  'says in the run what it waits for, and since when, while a network is cut between a loader and the servers';
const DISK = 'says whose disk is full, since when and what waits, and goes on by itself when there is room';
const LOGIN = 'says once a minute that the login is refused, while the password of the database is another one';
const DEAD_LETTER = 'keeps why a batch became a dead letter';
const WAITING = 'batches wait and are tried again: ';
const BY_ITSELF = 'nothing is lost, and everything goes on by itself afterwards';
const LOGIN_REFUSED = `PostgreSQL refuses the login: password authentication failed for user "<role>" (SQLSTATE 28P01); set DB_USERNAME and DB_PASSWORD to what the server expects and start the services again, or change the role back; ${BY_ITSELF}`;
const RIGHT_MISSING =
  'PostgreSQL refuses (SQLSTATE 42501): permission denied for table <table>: make the role the owner of it, or grant it what is missing (with row level security: a policy that lets it write)';
const DISK_FULL = `PostgreSQL's disk is full: could not extend file "<file>": No space left on device (SQLSTATE 53100); give the server of PostgreSQL room; ${BY_ITSELF}`;
const READ_ENDS = ': the read ends here and goes on from its last checkpoint at the next run';

/** docs/reference/fault-texts.md is generated from this list, and the named tests compare with it. */
export const FAULT_TEXTS = {
  passwordRotated: {
    fault: 'the password of a service is another one in PostgreSQL',
    where: 'log of the loader, once a minute',
    text: `${WAITING}${LOGIN_REFUSED}`,
    test: { file: LOADER, name: 'waits while the password of its role is another one' },
  },
  readOnly: {
    fault: 'PostgreSQL is read-only',
    where: 'log of the loader, once a minute',
    text: `${WAITING}PostgreSQL is read-only: cannot execute <statement> in a read-only transaction (SQLSTATE 25006); point DB_HOST to the primary server, or turn default_transaction_read_only off; ${BY_ITSELF}`,
    test: { file: LOADER, name: 'waits while the database is read-only' },
  },
  serviceSilent: {
    fault: 'a service cannot log in, or write, or is cut off, so that it can say nothing itself',
    where: 'run and alert',
    text: 'loader gives no sign of life: it is not running, or cannot reach PostgreSQL (since <time> UTC)',
    test: { file: CHAOS, name: CUT },
  },
  rightRevoked: {
    fault: 'a right on a table is revoked',
    where: 'run, alert and log while it is waited for',
    text: `stream <stream>, table <schema.table>: ${RIGHT_MISSING}`,
    test: { file: LOADER, name: 'waits while a right is missing, and the run says for what' },
  },
  rightGone: {
    fault: 'the right does not come back for two minutes',
    where: 'failed stream and alert',
    text: `<source.stream>: stream <stream>, table <schema.table>: ${RIGHT_MISSING}`,
    test: {
      file: LOADER,
      name: 'fails the stream, with SQLSTATE, table and remedy, when the right does not come back',
    },
  },
  policyInTheWay: {
    fault: 'a row-level policy uses a column that must widen',
    where: 'failed stream and alert',
    text: '<source.stream>: stream <stream>, table <schema.table>: PostgreSQL refuses (SQLSTATE 0A000): cannot alter type of a column used in a policy definition (policy <policy> on table <schema.table> depends on column "<column>"): drop the object that stands in the way, let the stream load, and create it again',
    test: { file: LOADER, name: 'fails the stream whose column a policy keeps from being widened, and says so' },
  },
  deadLetter: {
    fault: 'a batch came again with another content',
    where: 'dead letter, which is discarded by itself once its stream is loaded otherwise',
    text: 'batch <attempt/number> of <source.stream> came with another content than the one that is loaded',
    test: { file: LOADER, name: DEAD_LETTER },
  },
  unknownError: {
    fault: 'an error that nobody foresaw, three times',
    where: 'dead letter and alert',
    text: 'an unexpected error: <text>; this may be a defect: please report it, with the logs of that time',
    test: { file: LOADER, name: 'keeps the text of an error that nobody foresaw, after three tries' },
  },
  loginRefused: {
    fault: 'a wrong database password, for minutes',
    where: 'log of every service, once a minute and cause',
    text: `<what waits>: ${LOGIN_REFUSED}`,
    test: { file: CHAOS, name: LOGIN },
  },
  statusWithoutDatabase: {
    fault: 'a wrong database password, for minutes',
    where: 'page, `/api/status` and `pipeline status`, which go on showing what was known',
    text: 'Nothing runs. PostgreSQL refuses the login. Everything waits and goes on by itself afterwards; this is what was known before.',
    test: { file: CHAOS, name: LOGIN },
  },
  diskFull: {
    fault: 'the disk of PostgreSQL is full',
    where: 'run',
    text: `${DISK_FULL} (since <time> UTC)`,
    test: { file: CHAOS, name: DISK },
  },
  diskFullAlert: {
    fault: 'the disk of PostgreSQL is full',
    where: 'alert after 20 seconds, which goes away by itself',
    text: `${DISK_FULL}: <service> waits`,
    test: { file: CHAOS, name: DISK },
  },
  networkCut: {
    fault: 'the network between a service and RabbitMQ is cut',
    where: 'run',
    text: `RabbitMQ cannot be reached: not connected; start it, or see RABBITMQ_URL and the network; ${BY_ITSELF} (since <time> UTC)`,
    test: { file: CHAOS, name: CUT },
  },
  brokerAlarm: {
    fault: 'RabbitMQ has a memory or disk alarm',
    where: 'run',
    text: `RabbitMQ takes no messages: low on <memory or disk>; give it memory or disk, or see whether the loaders keep up; ${BY_ITSELF} (since <time> UTC)`,
    test: { file: CHAOS, name: ALARM },
  },
  modelBroken: {
    fault: 'a dbt model does not compile',
    where: 'cycle, alert and log of the dbt-runner',
    text: '<error>Compilation Error in model <model> (<file>): <text>line <line><of the file>',
    test: {
      file: 'services/dbt-runner/test/builds.integration.test.ts',
      name: 'says file, line and text of a model that does not compile',
    },
  },
  pagesInTurn: {
    fault: 'a source names two next pages in turn',
    where: 'failed stream and alert',
    text: `the source names a next page that has been read before (<list>)${READ_ENDS}`,
    test: { file: PAGES, name: 'two next pages that are named in turn end the read' },
  },
  pagesWithoutNews: {
    fault: 'a source names ever new next pages with the same rows',
    where: 'failed stream and alert',
    text: `the source has named a next page 100 times in a row without anything new on it (<list>)${READ_ENDS}`,
    test: { file: PAGES, name: 'ever new cursors to the same rows end the read, and to no rows at all' },
  },
  nulCharacter: {
    fault: 'a query with a NUL byte',
    where: 'response of the API, 400 NUL_CHARACTER',
    text: '<path> holds a NUL character: take the NUL character out: PostgreSQL cannot store it',
    test: {
      file: ROUTES,
      name: 'refuses a NUL character wherever it stands, and bodies that are too large or no JSON',
    },
  },
  slowConnection: {
    fault: 'connections whose headers do not come, 1,000 at once',
    where: 'response, before the connection is closed',
    text: 'HTTP/1.1 408 Request Timeout',
    test: {
      file: 'libs/service/test/run-service.integration.test.ts',
      name: 'closes 1,000 connections whose headers do not come, and responds to others meanwhile',
    },
  },
  manyColumns: {
    fault: 'a source brings 2,000 new columns at once',
    where: 'failed stream and alert',
    text: '<source.stream>: stream <stream>: its table <table> would get <number> columns beside its <number>, and more than 500 at once are not believed without consent; nothing was changed. If the source is right, allow them on the page of the stream, or by "pipeline allow-columns" with its name',
    test: {
      file: 'services/loader/test/new-columns.integration.test.ts',
      name: 'is stopped before its table is changed, says what to do, and goes on when an operator allows it',
    },
  },
} as const satisfies Record<string, FaultText>;

/** What is compared: the whole text, with anything in place of what differs. */
export function faultText(name: keyof typeof FAULT_TEXTS): RegExp {
  const parts = FAULT_TEXTS[name].text.split(/<[^>]+>/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*?')}$`, 's');
}
