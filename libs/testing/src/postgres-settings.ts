/** Of every PostgreSQL of tests. */
export const POSTGRES_SETTINGS = {
  // Jest's workers times the pools of one test file.
  max_connections: 300,
};
