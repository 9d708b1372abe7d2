import { join } from 'node:path';

// For Jest's workers and the programs that tests start.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/node');

const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/tests/support/plain-environment.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024', experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
};

/** One PostgreSQL and one RabbitMQ for all test files of a run. */
const withTestStack = {
  globalSetup: '<rootDir>/libs/testing/src/global-setup.ts',
  globalTeardown: '<rootDir>/libs/testing/src/global-teardown.ts',
};

/** A unit test is `<name>.test.ts` and touches no I/O; an integration test is `<name>.integration.test.ts` and uses real
 *  PostgreSQL and RabbitMQ; the simulation runs the protocol in one process and compares its database with PostgreSQL; end-to-end, chaos and
 *  container tests start the whole system. */
export default {
  // Real servers on a busy machine: what a test itself waits for is bounded by waitFor. Jest reads this only here, not in a project.
  testTimeout: 60_000,
  testSequencer: '<rootDir>/tests/support/slowest-first.js',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{libs,services}/*/test/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.integration\\.test\\.ts$'],
    },
    {
      ...shared,
      ...withTestStack,
      displayName: 'integration',
      testMatch: ['<rootDir>/{libs,services}/*/test/**/*.integration.test.ts'],
    },
    { ...shared, ...withTestStack, displayName: 'simulation', testMatch: ['<rootDir>/tests/simulation/**/*.test.ts'] },
    { ...shared, displayName: 'conformance', testMatch: ['<rootDir>/tests/conformance/**/*.test.ts'] },
    { ...shared, ...withTestStack, displayName: 'e2e', testMatch: ['<rootDir>/tests/e2e/**/*.test.ts'] },
    { ...shared, ...withTestStack, displayName: 'browser', testMatch: ['<rootDir>/tests/browser/**/*.test.ts'] },
    { ...shared, ...withTestStack, displayName: 'chaos', testMatch: ['<rootDir>/tests/chaos/**/*.test.ts'] },
    { ...shared, displayName: 'containers', testMatch: ['<rootDir>/tests/containers/**/*.test.ts'] },
  ],
};
