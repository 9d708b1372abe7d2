import type { DbtBuildReport, DbtNodeReport, StreamReport } from '@pipeline/control';
import Table from 'cli-table3';

/** The table at the end of a cycle: what each stream read, loaded and rejected, then what dbt did. Lines without colour. */
export function cycleTable(streams: StreamReport[], build: DbtBuildReport): string[] {
  const lines = table(
    ['pipeline', 'stream', 'status', 'rows read', 'loaded', 'rejected', 'seconds'],
    streams.map((stream) => [
      stream.pipeline,
      stream.stream,
      stream.status,
      stream.rowsRead,
      stream.rowsLoaded,
      stream.rowsRejected,
      stream.seconds === null ? '' : stream.seconds.toFixed(1),
    ]),
    [3, 4, 5, 6],
  );
  for (const { stream, error } of streams) if (error !== null) lines.push(`${stream}: ${error}`);
  return [...lines, ...dbtLines(build)];
}

function dbtLines({ nodes, seconds }: DbtBuildReport): string[] {
  if (nodes.length === 0) return ['dbt: no build'];
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(node.status, (counts.get(node.status) ?? 0) + 1);
  const summary = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
  const time = seconds === null ? '' : `, ${seconds.toFixed(1)} s`;
  return [`dbt: ${nodes.length} nodes, ${summary}${time}`, ...nodes.filter(hasMessage).map(describe)];
}

const hasMessage = (node: DbtNodeReport) => node.message !== null && !['success', 'pass'].includes(node.status);
const describe = (node: DbtNodeReport) => `dbt ${node.status} ${node.uniqueId}: ${node.message}`;

function table(head: string[], rows: (string | number)[][], rightAligned: number[]): string[] {
  const lines = new Table({
    head,
    colAligns: head.map((_, index) => (rightAligned.includes(index) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  lines.push(...rows);
  return lines.toString().split('\n');
}
