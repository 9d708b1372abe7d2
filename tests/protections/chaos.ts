import type { Protection } from './protection.ts';

/** Proven on the whole platform while parts of it die. */
export const chaos: Protection[] = [
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
];
