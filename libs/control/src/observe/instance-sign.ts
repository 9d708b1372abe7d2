/** How a process says that it is there. */
export interface InstanceSign {
  id: string;
  service: string;
  version: string;
  startedAt: Date;
  state: string;
  memoryBytes: number;
  /** Share of one core since the last sign. */
  cpu: number;
  checks: Record<string, string>;
  settings: {
    name: string;
    value: string | null;
    isSecret: boolean;
    origin: 'default' | 'environment';
    description: string;
  }[];
  logLinesDropped: number;
}
