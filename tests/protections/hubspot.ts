import type { Protection } from './protection.ts';

export const hubspot: Protection[] = [
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
  ...[
    [
      'a batch that fails is cut in two',
      'is cut in two until that object stands alone: the others arrive',
      'would bring none of the others if it failed as a whole, as a batch does that nobody may cut (mutation)',
    ],
    [
      'a page that is too large becomes smaller',
      'becomes smaller until it fits',
      'would fail its stream if it were not taken for one that can become smaller (mutation)',
    ],
    [
      'a list without an end is recognised',
      'ends with an error when a page is named again',
      'would go on for ever if it were not recognised (mutation)',
    ],
    [
      'a search has no upper bound',
      'arrives: the search has no upper bound',
      'would never arrive if the search ended with the time at which the read began (mutation)',
    ],
  ].map(([protection = '', test = '', mutation = '']) => ({
    protection: `HubSpot: ${protection}`,
    file: 'services/tap-hubspot/test/page-protections.test.ts',
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
    protection: 'HubSpot: replicas share the limits in PostgreSQL',
    file: 'services/tap-hubspot/test/replicas.integration.test.ts',
    test: "stay within the account's limits",
    mutation: 'would be refused if each counted for itself (mutation)',
  },
  {
    protection: 'HubSpot: requests for children leave the list its turns',
    file: 'services/tap-hubspot/test/first-load.test.ts',
    test: 'is as fast as pages of the list can follow one another',
    mutation: 'would leave a tenth more unused if requests for children took the turns of the list (mutation)',
  },
  {
    protection: 'HubSpot: calculated properties are read again',
    file: 'services/tap-hubspot/test/streams.test.ts',
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
];
