/** A layer of tests: a project of jest.config.js. */
export interface Layer {
  name: string;
  /** Test files at the same time. Layers whose files start whole systems take one, or as many as mostly wait. */
  workers: number;
  /** Its files share a PostgreSQL and a RabbitMQ. */
  needsServers?: boolean;
  /** Starts containers: needs a Docker engine. */
  needsDocker?: boolean;
  /** Waits for real servers that share the cores with another lane: a file that failed runs once more, alone, and is named if it passes then. */
  hasSecondRun?: boolean;
}

/** Cheapest first. The lanes of a stage run side by side, the layers of a lane one after another: chaos tests mostly wait, for leases,
 *  time-outs and servers that come back. Two files at once take a third of two cores (507 s of CPU in 845 s), so there are three, and containers and
 *  end-to-end tests beside them. */
export const STAGES: Layer[][][] = [
  [[{ name: 'unit', workers: 2 }]],
  [
    [
      { name: 'conformance', workers: 2 },
      { name: 'integration', needsServers: true, workers: 2, hasSecondRun: true },
      { name: 'simulation', needsServers: true, workers: 2 },
    ],
  ],
  [
    [{ name: 'chaos', needsServers: true, workers: 3, hasSecondRun: true }],
    [
      { name: 'containers', workers: 1, needsDocker: true, hasSecondRun: true },
      { name: 'e2e', needsServers: true, workers: 1, hasSecondRun: true },
    ],
  ],
  [[{ name: 'browser', needsServers: true, workers: 2, hasSecondRun: true }]],
];

export const LAYERS: Layer[] = STAGES.flat(2);
