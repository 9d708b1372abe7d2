import type { Protection } from './protection.ts';

/** Of the loader and the warehouse. */
export const loading: Protection[] = [
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
    protection: 'PostgreSQL keeps what it has committed (the loader checks its settings)',
    file: 'services/loader/test/durability.integration.test.ts',
    test: 'remembers it',
    mutation: 'has forgotten it when synchronous_commit is off (mutation)',
  },
  {
    protection: 'very many columns at once need consent',
    file: 'services/loader/test/new-columns.integration.test.ts',
    test: 'is stopped before its table is changed, says what to do, and goes on when an operator allows it',
    mutation: 'would fill its table for good without the limit (mutation)',
  },
  {
    protection: 'columns are asked for where a rejected record is replayed, too',
    file: 'services/loader/test/new-columns.integration.test.ts',
    test: 'is asked for by a rejected record that is replayed, too',
    mutation: 'would leave nothing to allow if a replay only prepared its table (mutation)',
  },
  {
    protection: 'documents have a largest depth',
    file: 'libs/warehouse/test/record-reader.test.ts',
    test: 'is refused beyond its largest depth, however deep it is',
    mutation: 'would run the process out of its stack without a largest depth (mutation)',
  },
];
