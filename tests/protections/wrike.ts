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
  {
    protection: 'Wrike: the rate follows the refusals of the source',
    file: 'libs/tap-kit/test/adaptive-share.test.ts',
    test: 'is asked more slowly until it refuses hardly any more',
    mutation: 'would be asked in vain in every minute if the rate did not follow its refusals (mutation)',
  },
  ...[
    [
      'a full page without a token counts as cut',
      'reading/created-order.test.ts',
      'takes a full page without a token for cut',
      'would be missed behind a full page if only a token counted (mutation)',
    ],
    [
      'rows are compared with the count announced',
      'reading/created-order.test.ts',
      'takes a page with fewer rows than it announces for cut',
      'would be missed behind a page with fewer rows than it announces if only a token counted (mutation)',
    ],
    [
      'an empty page with a token is asked again, and followed',
      'reading/created-order.test.ts',
      'follows the token when the page stays empty',
      'would be missed behind an empty page if its token were not followed (mutation)',
    ],
    [
      'a tree is never taken for folders',
      'in-the-field.integration.test.ts',
      'that come as a tree are never taken for rows',
      'would be rows without a date if the kind were not looked at (mutation)',
    ],
    [
      'tokens go to hosts of Wrike only',
      'client.test.ts',
      'is not followed when it is',
      'would be followed anywhere without the list of hosts (mutation)',
    ],
    [
      'reads reach back before the last one began',
      'protections.test.ts',
      'come with the next read',
      'would never come without the look-back (mutation)',
    ],
    [
      'the range of changes has no end',
      'protections.test.ts',
      'come with this read',
      'would slip out of it if the range of changes had an end (mutation)',
    ],
    [
      'a named core of parameters is never dropped',
      'reading/accepted-query.test.ts',
      'fails when',
      'would leave out a bound and read other rows if the core were not named (mutation)',
    ],
  ].map(([protection = '', file = '', test = '', mutation = '']) => ({
    protection: `Wrike: ${protection}`,
    file: `services/tap-wrike/test/${file}`,
    test,
    mutation,
  })),
];
