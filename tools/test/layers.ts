/** A layer of tests: a project of jest.config.js. */
export interface Layer {
  name: string;
  /** Its files share a PostgreSQL and a RabbitMQ. */
  needsServers?: boolean;
  /** Starts containers: needs a Docker engine. */
  needsDocker?: boolean;
}

/** Layers whose files are run side by side, by one pool of workers. */
export interface Stage {
  layers: Layer[];
  /** Test files at the same time. */
  workers: number;
  /** Waits for real servers that share the cores with other files: one that failed runs once more, alone, and is named if it passes then. */
  hasSecondRun?: boolean;
}

/** Cheapest first. What only computes has a worker for each core. What starts whole systems also waits, for leases, time-outs and servers that come
 *  back: three files at once keep two cores busy. With five everything takes longer, and platforms that wait cost time too. */
export const STAGES: Stage[] = [
  { layers: [{ name: 'unit' }, { name: 'conformance' }, { name: 'simulation', needsServers: true }], workers: 2 },
  {
    layers: [
      { name: 'integration', needsServers: true },
      { name: 'chaos', needsServers: true },
      { name: 'e2e', needsServers: true },
      { name: 'browser', needsServers: true },
      { name: 'containers', needsDocker: true },
    ],
    workers: 3,
    hasSecondRun: true,
  },
];

export const LAYERS: Layer[] = STAGES.flatMap(({ layers }) => layers);

/** The layer of a test file, by its path. */
export function layerOf(path: string): string {
  const [, folder] = /\/tests\/([^/]+)\//.exec(path) ?? [];
  return folder ?? (path.endsWith('.integration.test.ts') ? 'integration' : 'unit');
}
