import type { Protection } from './protection.ts';

const EXISTING = 'libs/warehouse/test/existing-tables.integration.test.ts';
const VERSIONS = 'libs/warehouse/test/versions.integration.test.ts';

/** Of tables that were there before, or that others use, and of their versions. */
export const existingTables: Protection[] = [
  {
    protection: 'a timestamp without zone is UTC',
    file: EXISTING,
    test: 'hold UTC, whatever the zone of the session',
    mutation: 'would hold the time of the session without the zone in the cast (mutation)',
  },
  {
    protection: 'values are compared with their column',
    file: EXISTING,
    test: 'are widened for the first value that does not fit',
    mutation: 'would cut and round values if nobody compared them with the column (mutation)',
  },
  {
    protection: 'a primary key of somebody else stays',
    file: EXISTING,
    test: 'stays: the engine did not make it',
    mutation: 'would be replaced if the engine took it for its own (mutation)',
  },
  {
    protection: 'grants come back with a view',
    file: EXISTING,
    test: 'are as before when a column under it was widened',
    mutation: 'would be gone with the view that was dropped if they were not granted again (mutation)',
  },
  {
    protection: 'a column whose property has left the schema is not written',
    file: EXISTING,
    test: 'keeps the values that are stored',
    mutation: 'would be emptied if its column were written like those of the schema (mutation)',
  },
  {
    protection: 'records of a stale version are left out',
    file: VERSIONS,
    test: 'is left out',
    mutation: 'would bring back a row that is gone if the active version were not known (mutation)',
  },
  {
    protection: 'the upsert compares versions',
    file: VERSIONS,
    test: 'overwrites nothing, even if its loader does not know of the newer version yet',
    mutation: 'would overwrite the newer row if the upsert did not compare versions (mutation)',
  },
  {
    protection: 'rows of a BATCH are of the version that their run activates',
    file: VERSIONS,
    test: 'live when the run that brought them activates its version',
    mutation: 'would be deleted with the older versions if nothing said that they are of this run (mutation)',
  },
  {
    protection: 'a bookmark belongs to a table as it was',
    file: 'libs/control/test/table-identity.integration.test.ts',
    test: 'is read in full, and an alert says why: it %s',
    mutation: 'would be read on from its bookmark if nobody looked at the table: its rows stay away (mutation)',
  },
];
