import {
  listAccountEgress,
  listAccountLevels,
  listConnections,
  listPipelineRows,
  listSources,
  newestChecks,
  refusal,
} from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { pipelineName } from '@pipeline/protocol';
import type { Connection } from '@pipeline/protocol/api';
import { describeConnection } from './describe.ts';

interface DescribeDeps {
  pool: Pool;
  settings: { intervalSeconds: number };
}

/** Every connection as the API returns it. */
export async function describeAll({ pool, settings }: DescribeDeps): Promise<Connection[]> {
  const [connections, sources, pipelines, checks, levels, egress] = await Promise.all([
    listConnections(pool),
    listSources(pool),
    listPipelineRows(pool),
    newestChecks(pool),
    listAccountLevels(pool),
    listAccountEgress(pool),
  ]);
  return connections.map((stored) =>
    describeConnection(stored, {
      source: sources.find(({ description }) => description.source === stored.source),
      pipeline: pipelines.find(({ name }) => name === pipelineName(stored.name)),
      check: checks.get(stored.name),
      levels,
      egress: egress.filter(({ pipeline }) => pipeline === pipelineName(stored.name)),
      isAlone: connections.every(({ name, source }) => source !== stored.source || name === stored.name),
      intervalSeconds: settings.intervalSeconds,
    }),
  );
}

/** @throws PipelineError `UNKNOWN_CONNECTION` */
export async function describeOne(deps: DescribeDeps, name: string): Promise<Connection> {
  const found = (await describeAll(deps)).find((connection) => connection.name === name);
  if (found === undefined) throw refusal('UNKNOWN_CONNECTION', `there is no connection ${name}`);
  return found;
}
