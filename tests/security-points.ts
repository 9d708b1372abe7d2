import type { SecurityPoint } from './security-point.ts';
import { operationPoints } from './security-points-operation.ts';

const SCHEDULER = 'services/scheduler/test';
const TAP_KIT = 'libs/tap-kit/test';
const CONTAINERS = 'tests/containers/containers.test.ts';

/** The table of SECURITY.md is generated from this list, which fails when a named test is gone. */
export const securityPoints: SecurityPoint[] = [
  {
    point: 'a route without a login',
    done: 'every route but `/healthz` and the login asks for one; the list of routes is data',
    tests: [
      { file: `${SCHEDULER}/routes.integration.test.ts`, name: '%s asks for a login' },
      { file: `${SCHEDULER}/routes.integration.test.ts`, name: 'has no route but those of the list' },
    ],
  },
  {
    point: 'stolen or forged sessions, guessed tokens',
    done: 'hashes only, constant-time comparison, HttpOnly and SameSite cookies, CSRF token, lock-out by address',
    tests: [
      {
        file: `${SCHEDULER}/access.integration.test.ts`,
        name: 'opens a session that no script can read and no other site can send',
      },
      {
        file: `${SCHEDULER}/access.integration.test.ts`,
        name: 'changes something for a session only with its CSRF token, and from its own address',
      },
      {
        file: `${SCHEDULER}/access.integration.test.ts`,
        name: 'locks an address out after five wrong tokens within a minute',
      },
    ],
  },
  {
    point: 'a reader who changes something',
    done: 'viewer, operator and admin, by route',
    tests: [{ file: `${SCHEDULER}/routes.integration.test.ts`, name: '%s knows what a %s may' }],
  },
  {
    point: 'secrets that can be read back',
    done: 'written only; encrypted in PostgreSQL, hashed where nobody needs them again',
    tests: [
      {
        file: `${SCHEDULER}/access.integration.test.ts`,
        name: 'keeps hashes only, and ends sessions with their token',
      },
      {
        file: `${TAP_KIT}/token-store.integration.test.ts`,
        name: 'the database holds tokens encrypted, and another key opens nothing',
      },
      {
        file: 'tests/chaos/server-trouble.test.ts',
        name: 'has shown none of its secrets in a log, a response, an event, a metric or a table, whatever went wrong',
      },
      {
        file: 'tests/e2e/stories/secrets.ts',
        name: 'stands in no log, message, table, response, metric, trace or event',
      },
      {
        file: `${SCHEDULER}/api.integration.test.ts`,
        name: 'keeps a response that holds a secret for repetitions, and nobody else can read it',
      },
    ],
  },
  {
    point: 'scripts in the page',
    done: 'a strict content security policy; what comes from a source is text',
    tests: [
      {
        file: `${SCHEDULER}/web.integration.test.ts`,
        name: 'allows nothing inline and nothing from another address',
      },
    ],
  },
  {
    point: 'formulas in exports',
    done: 'there is no export of records; in the list of streams as CSV, text that begins as a formula does is preceded by an apostrophe',
    tests: [
      {
        file: `${SCHEDULER}/web/csv-text.test.ts`,
        name: 'hold no formula: text that begins like one is preceded by an apostrophe',
      },
    ],
  },
  {
    point: 'bodies of another shape or size',
    done: 'zod schemas that refuse unknown keys, JSON only, limits that count after decompression, time-outs for slow connections',
    tests: [
      {
        file: 'libs/service/test/run-service.integration.test.ts',
        name: 'closes 1,000 connections whose headers do not come, and responds to others meanwhile',
      },
      {
        file: `${SCHEDULER}/routes.integration.test.ts`,
        name: 'refuses a NUL character wherever it stands, and bodies that are too large or no JSON',
      },
    ],
  },
  {
    point: 'two names of one thing in a request',
    done: 'an id comes from the path only',
    tests: [{ file: 'libs/protocol/test/routes.test.ts', name: '%s names exactly the parameters of its path' }],
  },
  {
    point: 'names that are SQL',
    done: 'one function quotes identifiers, one table maps names to them; values are parameters or COPY',
    tests: [
      { file: 'libs/postgres/test/sqlstate.test.ts', name: 'doubles quotes' },
      {
        file: 'libs/warehouse/test/identifier.test.ts',
        name: '%s gives every name an identifier of its own, of 1 to 63 bytes without NUL',
      },
    ],
  },
  {
    point: 'a service that may do everything in PostgreSQL',
    done: 'a role per service (docs/guides/roles.md)',
    tests: [
      { file: 'libs/control/test/roles.integration.test.ts', name: 'refuses %s: %s' },
      {
        file: 'libs/control/test/roles.integration.test.ts',
        name: 'is enough for a run: scheduler, tap and loader do their part each',
      },
      { file: CONTAINERS, name: 'runs every service as a user of its own in PostgreSQL and in RabbitMQ' },
    ],
  },
  {
    point: 'code in dbt',
    done: 'no packages at run time, no variables from messages, an environment of its own, no telemetry, no way to the internet',
    tests: [
      {
        file: 'services/dbt-runner/test/builds.integration.test.ts',
        name: 'takes Jinja in a message, in a request and in a record for text',
      },
      { file: CONTAINERS, name: 'gives loaders no way to the internet, and images no npm' },
    ],
  },
  {
    point: 'requests to other hosts (SSRF)',
    done: 'scheme and hosts of the source only, also by redirect and next-page link; the token goes to no other host',
    tests: [
      { file: `${TAP_KIT}/allowed-address.test.ts`, name: '%s is refused before anything is sent' },
      { file: `${TAP_KIT}/http-client-access.test.ts`, name: 'a redirect to %s is refused' },
      {
        file: `${TAP_KIT}/public-address.integration.test.ts`,
        name: 'is refused when it is connected to at %s: nothing is sent',
      },
      {
        file: `${TAP_KIT}/http-client-access.test.ts`,
        name: 'a redirect is followed on the hosts of the source, and the token is not shown to another one of them',
      },
    ],
  },
  {
    point: 'responses without end',
    done: 'limits after decompression, time-outs, one encoding, pages that come again',
    tests: [
      {
        file: `${TAP_KIT}/transport.integration.test.ts`,
        name: 'a body is as large as the limit after decompression, and no larger',
      },
      {
        file: `${TAP_KIT}/transport.integration.test.ts`,
        name: 'a source that says nothing, or never ends, is given up in time',
      },
      { file: `${TAP_KIT}/pages-guard.test.ts`, name: 'two next pages that are named in turn end the read' },
    ],
  },
  {
    point: 'batches that grow',
    done: 'limits on what a batch is decompressed to, on the depth of its documents, and on the columns that come at once without consent',
    tests: [
      { file: 'services/loader/test/batch.test.ts', name: 'refuses a body that grows beyond the limit' },
      {
        file: 'libs/warehouse/test/record-reader.test.ts',
        name: 'is refused beyond its largest depth, however deep it is',
      },
      {
        file: 'services/loader/test/new-columns.integration.test.ts',
        name: 'is stopped before its table is changed, says what to do, and goes on when an operator allows it',
      },
    ],
  },
  {
    point: 'prototype pollution',
    done: 'records are read into columns by position; parsed JSON never reaches a prototype',
    tests: [{ file: 'libs/singer/test/json.test.ts', name: 'takes __proto__ for a key like any other' }],
  },
  {
    point: 'code from text',
    done: 'no eval, no Function, no pattern from remote text',
    tests: [
      { file: 'tests/conformance/code-from-text.test.ts', name: 'becomes no code anywhere' },
      { file: 'tests/conformance/code-from-text.test.ts', name: 'becomes a pattern in a few known places only' },
    ],
  },
  ...operationPoints,
];
