/** Of every PostgreSQL of tests. */
export const POSTGRES_SETTINGS: Record<string, string | number> = {
  // Jest's workers times the pools of one test file.
  max_connections: 300,
};

/** Of the PostgreSQL that all tests of a run share. It is never killed: those that need a server which keeps its promises start one of their own. */
export const SHARED_POSTGRES_SETTINGS = { ...POSTGRES_SETTINGS, fsync: 'off', full_page_writes: 'off' };
