/** What keeps an invariant, the test that proves it, and the test that switches it off and sees the damage. `npm run generate` writes
 *  the list into ARCHITECTURE.md and fails when a test is not there any more. */
export interface Protection {
  protection: string;
  file: string;
  /** Names of tests of this file, or their first words. */
  test: string;
  mutation: string;
}

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
    protection: 'publishing is `mandatory`',
    file: 'libs/broker/test/publisher.integration.test.ts',
    test: 'fails a message that no queue takes, although the broker confirms it',
    mutation: 'would lose such a message in silence without the mandatory flag (mutation)',
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
    protection: 'the brake on mass deletes',
    file: 'tests/chaos/deletions.test.ts',
    test: 'keeps every row when the source answers with an empty list, and says so',
    mutation: 'loses every row when the brake is off (mutation)',
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
];
