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
