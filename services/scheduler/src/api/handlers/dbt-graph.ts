import type { NodeRow } from '@pipeline/control';
import type { Graph, GraphNode, Incident } from '@pipeline/protocol/api';

const STATES: Record<string, GraphNode['state']> = {
  success: 'ok',
  pass: 'ok',
  warn: 'warn',
  fail: 'fail',
  error: 'fail',
  'runtime error': 'fail',
};
const KINDS = new Set(['source', 'model', 'test', 'seed', 'snapshot', 'exposure']);

/** Sources, staging, marts and tests, with what is wrong where. Pure. */
export function graphOf(manifestHash: string | null, rows: NodeRow[], incidents: Incident[]): Graph {
  const ids = new Set(rows.map(({ id }) => id));
  return {
    manifestHash,
    nodes: rows.map((row) => nodeOf(row, rows, incidents)),
    edges: rows.flatMap(({ id, parents }) =>
      parents.filter((parent) => ids.has(parent)).map((from) => ({ from, to: id })),
    ),
    relationships: rows.filter(isRelationship).map(({ id, parents, failures, status }) => ({
      id,
      from: parents[0] ?? '',
      to: parents[1] ?? '',
      failures,
      state: status ?? 'unknown',
    })),
  };
}

const isRelationship = ({ test, parents }: NodeRow) => test?.name === 'relationships' && parents.length === 2;

export function nodeOf(row: NodeRow, all: NodeRow[], incidents: Incident[]): GraphNode {
  const own = row.status === null ? 'unknown' : (STATES[row.status] ?? 'unknown');
  const isSuspect = own !== 'fail' && hasIncident(row, all, incidents);
  return {
    id: row.id,
    name: row.name,
    kind: KINDS.has(row.kind) ? (row.kind as GraphNode['kind']) : 'other',
    layer: layerOf(row),
    description: row.description,
    path: row.path,
    state: isSuspect ? 'suspect' : own,
    seconds: row.seconds,
    connection: row.kind === 'source' ? (row.connection ?? row.databaseSchema) : null,
    stream: row.stream,
  };
}

function layerOf({ kind, name, path }: NodeRow): GraphNode['layer'] {
  if (kind === 'source') return 'source';
  if (kind === 'test') return 'test';
  return name.startsWith('stg_') || path.includes('staging') ? 'staging' : 'mart';
}

/** Whether the node, or a source that it is built from, has an incident. */
function hasIncident(row: NodeRow, all: NodeRow[], incidents: Incident[]): boolean {
  const byId = new Map(all.map((node) => [node.id, node]));
  const seen = new Set<string>();
  const look = (node: NodeRow): boolean => {
    if (seen.has(node.id)) return false;
    seen.add(node.id);
    if (node.kind === 'source') {
      return incidents.some(
        ({ stream, pipeline }) => stream === node.stream && pipeline !== null && node.pipelines.includes(pipeline),
      );
    }
    return node.parents.some((parent) => {
      const found = byId.get(parent);
      return found !== undefined && look(found);
    });
  };
  return look(row);
}
