import config from './jest.config.js';

/** Unit tests that live through whole days of a source, or try every kind of value: a minute of a core together. `npm test` runs them too. */
const LONGEST = [
  'libs/warehouse/test/row-encoder.test.ts',
  'services/tap-hubspot/test/crm-engine.test.ts',
  'services/tap-hubspot/test/day.test.ts',
  'services/tap-hubspot/test/first-load.test.ts',
  'services/tap-wrike/test/engine.test.ts',
];

/** `npm run test:fast`: the unit tests without the longest. */
export default {
  ...config,
  // Jest leaves one core free, of two that is half.
  maxWorkers: '100%',
  projects: config.projects
    .filter(({ displayName }) => displayName === 'unit')
    .map((unit) => ({
      ...unit,
      testPathIgnorePatterns: [...unit.testPathIgnorePatterns, ...LONGEST.map((file) => `<rootDir>/${file}$`)],
    })),
};
