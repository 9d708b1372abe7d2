/** What keeps an invariant, the test that proves it, and the test that switches it off and sees the damage. `npm run generate` writes
 *  the list into ARCHITECTURE.md and fails when a test is not there any more. */
export interface Protection {
  protection: string;
  file: string;
  /** Names of tests of this file, or their first words. */
  test: string;
  mutation: string;
  /** The file that names the mutation, where that is another one. */
  listedIn?: string;
}

/** What the simulation switches off: what keeps the promise, and how the mutation is called there. */
const simulated: [protection: string, mutation: string][] = [
  ['the fence holds the task until the commit', 'the fence does not lock the task'],
  ['the fence compares epochs', 'the fence looks at no epoch'],
  ['the ledger takes a batch once', 'the ledger takes a batch twice'],
  ['the clean-up at claim', 'nothing is cleaned up at the claim'],
  ['the watermark stops at a gap', 'the bookmark follows the newest batch and not the watermark'],
  ['later extraction wins, whatever the order of arrival', 'an older batch replaces what a later one brought'],
  ['only a queued task is claimed', 'a task is claimed whatever its state'],
  ['the claim locks the task', 'the claim does not lock the task'],
  ['finalisers take turns on the attempt', 'finalisers do not take turns'],
  [
    'the lock of an attempt lets the ledger refer to it (`NO KEY`)',
    'whoever ends an attempt locks it also against those who only refer to it',
  ],
  ['the end of a run is decided under its lock', 'tasks that end together do not lock their run'],
  ['schedulers take turns on the cycle', 'schedulers do not take turns'],
  ['the unique index `one_live_cycle`', 'two cycles may live'],
  ['the watchdog of leases', 'nobody looks for dead leases'],
  ['the watchdog of lost batches', 'nobody looks for lost batches'],
  ['commands are sent again', 'nobody sends a lost command again'],
  ["an operator's command ends the live attempt", 'an operator changes a bookmark and lets the attempt go on'],
  ['the sweep finalises what a dead loader left', 'nobody sweeps'],
  ['ack after the commit', 'a batch is acked before it is committed'],
  ['a new attempt has a new epoch', 'a failed read is tried again under the same epoch'],
  ['publishing is mandatory', 'a message that came back counts as published'],
  ['only a complete read proves deletions', 'a read that ended early counts as complete'],
  ['an attempt is finalised apart from its batches', 'a batch finalises its attempt in its own transaction'],
];

export const protections: Protection[] = [
  {
    protection: 'the fence locks the task (`FOR SHARE`)',
    file: 'libs/control/test/fence.integration.test.ts',
    test: 'lets no batch of an old epoch commit after the new claim',
    mutation: 'leaks without FOR SHARE (mutation)',
  },
  {
    protection: 'a retry has an epoch of its own',
    file: 'services/loader/test/retry.integration.test.ts',
    test: 'has every record once, because the retry has an epoch of its own',
    mutation:
      'mixes two cuts when it goes on under the old epoch: records are lost, and the ledger raises the alarm (mutation)',
  },
  {
    protection: 'the ack follows the commit',
    file: 'services/loader/test/ack.integration.test.ts',
    test: 'loses nothing: what is not committed is not acked, and comes again',
    mutation: 'loses the batch when it acks before the commit (mutation)',
  },
  {
    protection: 'upserts lock keys in one order',
    file: 'libs/warehouse/test/deadlock.integration.test.ts',
    test: 'never deadlock: the engine sorts them',
    mutation: 'deadlock when the keys are not sorted (mutation)',
  },
  {
    protection: 'small batches need no temporary table',
    file: 'libs/warehouse/test/catalog.integration.test.ts',
    test: 'leave nothing in the catalog',
    mutation: 'would fill it with temporary tables that come and go (mutation)',
  },
  {
    protection: 'a batch with too many rejected records is left early',
    file: 'libs/warehouse/test/rejected-limit.integration.test.ts',
    test: 'is left with the first record too many',
    mutation: 'would be tried to its end, record by record, without a limit (mutation)',
  },
  {
    protection: 'mostly rejected is no success',
    file: 'libs/control/test/finalise.integration.test.ts',
    test: 'fails at once, says how many, and moves no bookmark',
    mutation: 'would be a success whose bookmark has passed them without the rule (mutation)',
  },
  {
    protection: 'publishing is `mandatory`',
    file: 'libs/broker/test/publisher.integration.test.ts',
    test: 'fails a message that no queue takes, although the broker confirms it',
    mutation: 'would lose such a message in silence without the mandatory flag (mutation)',
  },
  {
    protection: 'a tap publishes for its own source only (topic permission)',
    file: 'libs/broker/test/users.integration.test.ts',
    test: 'fails what a tap publishes in the name of another source, and says which right is missing',
    mutation: 'would let a tap publish for another source without the topic permission (mutation)',
  },
  {
    protection: 'a name is looked up for private addresses when it is connected to',
    file: 'libs/tap-kit/test/public-address.integration.test.ts',
    test: 'is refused when it is connected to at %s: nothing is sent',
    mutation: 'would be given the token if nobody looked at the address (mutation)',
  },
  {
    protection: 'run.sh gives each service what it declares',
    file: 'services/supervisor/test/environment.integration.test.ts',
    test: '%s has the secrets that it needs in its environment, and no others',
    mutation: 'would have the secrets of all of them if it were given every variable (mutation)',
  },
  {
    protection: 'an operator ends the live attempt',
    file: 'libs/control/test/operator.integration.test.ts',
    test: 'ends the attempt, so that its finaliser cannot write the old bookmark back',
    mutation: 'loses it again when the attempt is left alone (mutation)',
  },
  {
    protection: 'claims of a dbt build take turns',
    file: 'libs/control/test/dbt-runs.integration.test.ts',
    test: 'gives a build to exactly one of many who ask at the same time',
    mutation: 'would give it to several if claims did not lock (mutation)',
  },
  {
    protection: 'one dbt build of a target (`one_running_dbt_run` and its lease)',
    file: 'services/dbt-runner/test/dbt-runner.integration.test.ts',
    test: 'builds one at a time, whoever of them is killed',
    mutation: 'undoes a build with the next when the two do not know of each other (mutation)',
  },
  {
    protection: 'PostgreSQL keeps what it has committed (the loader checks its settings)',
    file: 'services/loader/test/durability.integration.test.ts',
    test: 'remembers it',
    mutation: 'has forgotten it when synchronous_commit is off (mutation)',
  },
  {
    protection: 'a command is acked before its work begins',
    file: 'tests/chaos/server-trouble.test.ts',
    test: 'has one attempt of a run that takes much longer, and no batch comes twice',
    mutation: 'would have a message twice if it were held as long as the work takes (mutation)',
  },
  {
    protection: "the database's clock decides",
    file: 'tests/chaos/clock.test.ts',
    test: 'starts no run early, late or twice and loses no lease',
    mutation: 'would start runs early if the scheduler went by its own clock (mutation)',
  },
  {
    protection: 'a loader that stops finishes what it has',
    file: 'tests/chaos/shutdown.test.ts',
    test: 'exits with 0 within 10 s, one after another; nothing that is committed comes again, and no run fails',
    mutation: 'would have a batch come again if the loader died between its commit and its ack (mutation)',
  },
  {
    protection: 'finalise has a transaction of its own, after the commit',
    file: 'libs/control/test/finalise.integration.test.ts',
    test: 'finalises every attempt',
    mutation: 'leaves attempts hanging when the last batch decides inside its own transaction (mutation)',
  },
  {
    protection: 'the clean-up at claim',
    file: 'tests/chaos/append-only.test.ts',
    test: 'has every row exactly once when rows were committed that no bookmark covers',
    mutation: 'has such rows twice when the clean-up at claim is left out (mutation)',
  },
  {
    protection: 'the delete threshold on mass deletes',
    file: 'tests/chaos/deletions.test.ts',
    test: 'keeps every row when the source returns an empty list, and says so',
    mutation: 'loses every row when the delete threshold is off (mutation)',
  },
  {
    protection: 'the unique index `one_live_run`',
    file: 'tests/chaos/one-run.test.ts',
    test: 'run a pipeline once at a time, whoever leads',
    mutation: 'could run it twice without the index one_live_run (mutation)',
  },
  {
    protection: 'a bookmark waits for the watermark',
    file: 'tests/chaos/kill-loop.test.ts',
    test: 'never shows a bookmark ahead of its rows, and one quiet read later every table equals its source',
    mutation: 'sees a bookmark whose batch is not committed (mutation)',
  },
  {
    protection: 'no transaction stays open',
    file: 'tests/chaos/soak.test.ts',
    test: 'leaves no dead row that VACUUM could not take away',
    mutation: 'has dead rows that VACUUM cannot take away while a transaction stays open (mutation)',
  },
  ...[
    ['the list of archived records is read', 'it is not when the archived are not looked for (mutation)'],
    [
      'records that were merged are named by the one that is left',
      'it is not when merged objects are not named (mutation)',
    ],
    ['all associations are read again', 'it is not when associations are read only of what changed (mutation)'],
  ].map(([protection = '', mutation = '']) => ({
    protection: `HubSpot: ${protection}`,
    file: 'services/tap-hubspot/test/protections.test.ts',
    test: 'the warehouse is exact',
    mutation,
  })),
  ...[
    [
      'reads reach back before the last one began',
      'arrives with the next read, which reaches back before the last one began',
      'never arrives without the look-back (mutation)',
    ],
    [
      'pages of a search begin behind the greatest id',
      'hide no other row: pages begin behind the last id',
      'would hide some if the last id on a page were not the greatest read (mutation)',
    ],
    [
      'only a complete list proves deletions',
      'proves nothing gone',
      'would lose what it did not reach if it counted as complete (mutation)',
    ],
  ].map(([protection = '', test = '', mutation = '']) => ({
    protection: `HubSpot: ${protection}`,
    file: 'services/tap-hubspot/test/search-protections.test.ts',
    test,
    mutation,
  })),
  {
    protection: 'HubSpot: replicas share the limits',
    file: 'services/tap-hubspot/test/first-load.test.ts',
    test: "stay within the account's limits",
    mutation: 'are refused when each has limits of its own (mutation)',
  },
  {
    protection: 'HubSpot: calculated properties are read again',
    file: 'services/tap-hubspot/test/contract.test.ts',
    test: 'come right on a schedule of their own, though nothing tells of their change',
    mutation: 'are stale until it is due (mutation)',
  },
  {
    protection: 'HubSpot: an empty search page is followed',
    file: 'services/tap-hubspot/test/found-in-the-field.test.ts',
    test: 'loses no row behind it',
    mutation: 'would end the read too early if what it names were not followed (mutation)',
    listedIn: 'services/tap-hubspot/test/protections.test.ts',
  },
  {
    protection: 'Wrike: rows that existed are counted again',
    file: 'services/tap-wrike/test/protections.test.ts',
    test: 'the warehouse is exact',
    mutation: 'it is not when nothing is counted (mutation)',
  },
  {
    protection: 'Wrike: ids of young rows are remembered',
    file: 'services/tap-wrike/test/protections.test.ts',
    test: 'are gone in the warehouse too',
    mutation: 'are left over when their ids are not remembered (mutation)',
  },
  {
    protection: 'Wrike: pages begin where the last one ended, not at a token',
    file: 'services/tap-wrike/test/reading/created-order.test.ts',
    test: 'misses no row when rows of pages already read go away',
    mutation: 'lose rows when rows of pages already read go away (mutation)',
  },
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
  ].map(([protection = '', file = '', test = '', mutation = '']) => ({
    protection: `Xero: ${protection}`,
    file: `services/tap-xero/test/${file}`,
    test,
    mutation,
  })),
  ...simulated.map(([protection, mutation]) => ({
    protection,
    file: 'tests/simulation/simulation.test.ts',
    test: 'keeps every promise, whatever fails, and comes to rest',
    mutation,
    listedIn: 'tests/simulation/mutations.ts',
  })),
];
