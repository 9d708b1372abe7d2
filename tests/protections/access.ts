import type { Protection } from './protection.ts';

const UNGUARDED = 'services/scheduler/test/unguarded.integration.test.ts';

/** Who may do what, and how often. */
export const access: Protection[] = [
  {
    protection: 'the role of a caller is checked',
    file: 'services/scheduler/test/routes.integration.test.ts',
    test: '%s knows what a %s may',
    mutation: 'would let a viewer pause a pipeline (mutation)',
    listedIn: UNGUARDED,
  },
  {
    protection: 'a session needs its CSRF token',
    file: 'services/scheduler/test/access.integration.test.ts',
    test: 'changes something for a session only with its CSRF token, and from its own address',
    mutation: 'would do what a page elsewhere has a browser send with its cookie (mutation)',
    listedIn: UNGUARDED,
  },
  {
    protection: 'an Idempotency-Key acts once',
    file: 'services/scheduler/test/api.integration.test.ts',
    test: 'acts once for an Idempotency-Key',
    mutation: 'would act again for each repetition of a request (mutation)',
    listedIn: UNGUARDED,
  },
  {
    protection: 'a webhook is signed',
    file: 'services/scheduler/test/hooks.integration.test.ts',
    test: 'refuses what is not signed, and says no more about connections that are there than about others',
    mutation: 'would start a run for whoever knows the name of a connection (mutation)',
    listedIn: UNGUARDED,
  },
  {
    protection: 'a terminal shows names and records as text',
    file: 'services/cli/test/terminal.test.ts',
    test: 'shows names and records as text',
    mutation: 'would be cleared and turned by a name if it wrote it as it is (mutation)',
  },
  {
    protection: 'headers have a time-out',
    file: 'libs/service/test/run-service.integration.test.ts',
    test: 'closes 1,000 connections whose headers do not come, and responds to others meanwhile',
    mutation: 'would hold a connection whose headers do not come without time-outs (mutation)',
    listedIn: 'libs/service/test/http-server.integration.test.ts',
  },
  {
    protection: 'epochs go on above all that a backup knew',
    file: 'services/cli/test/backup.integration.test.ts',
    test: 'brings every row back as it was into an empty database, and epochs go on above all that were used',
    mutation: 'would issue epochs a second time if a restore left their sequence alone (mutation)',
  },
  {
    protection: 'a backup is restored whole or not at all',
    file: 'services/cli/test/backup.integration.test.ts',
    test: 'changes nothing for a file that is cut short, of another version, or none at all',
    mutation: 'would leave a part of a backup that is cut short without a transaction (mutation)',
  },
  {
    protection: 'no backup is restored under a scheduler that leads',
    file: 'services/cli/test/backup.integration.test.ts',
    test: 'refuses while a scheduler leads',
    mutation: 'would put rows under a scheduler that decides about them (mutation)',
  },
  {
    protection: 'who called shortly before sees what the trouble of PostgreSQL is',
    file: 'services/scheduler/test/known-callers.test.ts',
    test: 'may go on reading while PostgreSQL cannot say who it is, and change nothing',
    mutation: 'would not see what the trouble is if PostgreSQL alone said who it is (mutation)',
  },
];
