import type { Protection } from './protection.ts';

export const xero: Protection[] = [
  ...[
    [
      'pages are in the order of ids',
      'engine.integration.test.ts',
      'a company that changes while it is read is copied without a difference',
      'it would lose rows in the order of their changes, or notice that some vanished: why the order is by id',
    ],
    [
      'a page asked for ahead is no older than the one before it',
      'pages.test.ts',
      'and is older than the page before it is asked for again: no row falls between them',
      'would lose the row between them if the count were not compared (mutation)',
    ],
    [
      'what Xero counts is compared with what was seen',
      'pages.test.ts',
      'walks again when a row vanished and the one behind it was skipped',
      'would end without the row that was skipped if nothing were counted (mutation)',
    ],
    [
      'pages are asked for ahead',
      'first-load-speed.test.ts',
      'uses nine tenths of the calls a minute, and no call too many',
      'would use a third of them if one page were awaited before the next is asked for (mutation)',
    ],
    [
      'each read reaches back',
      'protections.integration.test.ts',
      'come with the next read',
      'would be lost without the look-back (mutation)',
    ],
    [
      'lines are replaced together with their document',
      'protections.integration.test.ts',
      'the warehouse is exact',
      'it is not when lines are not replaced together with their document (mutation)',
    ],
    [
      "a first load goes on after the day's limit",
      'protections.integration.test.ts',
      'goes on where the day before ended',
      'would never end if each day began at the first page (mutation)',
    ],
    [
      'a reserve of the day is kept for other apps',
      'call-budget.test.ts',
      'keeps a reserve: near it only fast streams are read, and those seldom',
      'would spend the calls of other apps without a reserve (mutation)',
    ],
    [
      'tokens are refreshed by one at a time',
      'tokens.integration.test.ts',
      'a hundred requests of three replicas at the end of the token cost one refresh',
      'they would cost one for each replica if these took no turns (mutation)',
    ],
    [
      'a token is saved before it is used',
      'tokens.integration.test.ts',
      'a process that dies between the response and the save is followed by one that uses the old token again, within the grace',
      'a token that is used and not saved loses the connection (mutation)',
    ],
    [
      'a missing scope is no dead token',
      'tokens.integration.test.ts',
      'a scope that is missing on one endpoint costs no token',
      'it would cost a token each time if a missing scope were taken for a dead token (mutation)',
    ],
    [
      'what changes without a modified date is read again',
      'refresh.test.ts',
      'comes with the next refresh: invoices that are open, and all contacts',
      'would stay as it was without a refresh (mutation)',
    ],
  ].map(([protection = '', file = '', test = '', mutation = '']) => ({
    protection: `Xero: ${protection}`,
    file: `services/tap-xero/test/${file}`,
    test,
    mutation,
  })),
  {
    protection: 'a refused refresh token is sent once',
    file: 'libs/tap-kit/test/refresh-token.test.ts',
    test: 'is sent once for all streams of a run, and again in the next one',
    mutation: 'would be sent for each of them if its refusal were forgotten (mutation)',
  },
  {
    protection: 'no token stands where others read',
    file: 'tests/e2e/stories/secrets.ts',
    test: 'stands in no log, message, table, response, metric, trace or event',
    mutation: 'would be found in each of them (mutation)',
  },
];
