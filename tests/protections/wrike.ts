import type { Protection } from './protection.ts';

export const wrike: Protection[] = [
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
];
