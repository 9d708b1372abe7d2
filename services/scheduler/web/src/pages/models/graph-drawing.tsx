import dagre from '@dagrejs/dagre';
import { useMemo } from 'preact/hooks';
import type { Graph, GraphNode } from '../../schema.ts';
import { graphName } from './node-name.ts';

const NODE = { width: 164, height: 26 };
const MARGIN = 4;
const NAME_MARGIN = 10;
const NAME_CHARACTERS_MAX = 22;

interface DrawingProps {
  nodes: GraphNode[];
  edges: Graph['edges'];
  relationships: Graph['relationships'];
}

interface Placed {
  node: GraphNode;
  x: number;
  y: number;
}

/** From the left to the right: tables, staging, marts. */
export default function GraphDrawing({ nodes, edges, relationships }: DrawingProps) {
  const { placed, lines, width, height } = useMemo(() => layout(nodes, edges), [nodes, edges]);
  const byId = new Map(placed.map((item) => [item.node.id, item]));
  const broken = relationships.filter(
    ({ state, failures }) => (state === 'fail' || state === 'warn') && failures !== null && failures > 0,
  );
  return (
    <svg
      class="dag"
      viewBox={`0 0 ${width} ${height}`}
      style={{ maxWidth: width }}
      role="group"
      aria-label={sentence(nodes)}
    >
      {lines.map(({ from, to, d }) => (
        <path key={`${from} ${to}`} class={`e ${isBad(byId.get(from)) && isBad(byId.get(to)) ? 'warmly' : ''}`} d={d} />
      ))}
      {broken.map(({ id, from, to, failures, state }) => (
        <Relationship
          key={id}
          from={byId.get(from)}
          to={byId.get(to)}
          failures={failures ?? 0}
          isFailed={state === 'fail'}
        />
      ))}
      {placed.map((item) => (
        <NodeBox key={item.node.id} {...item} />
      ))}
    </svg>
  );
}

function NodeBox({ node: { id, name, state, layer, connection, stream }, x, y }: Placed) {
  const [mark, look] =
    state === 'fail' ? ['✕ ', 'bad'] : state === 'suspect' || state === 'warn' ? ['! ', 'suspect'] : ['', ''];
  const isTable = layer === 'source' && connection !== null && stream !== null;
  const label = `${mark}${graphName(name)}`;
  return (
    <a
      href={isTable ? `/streams/${connection}/${stream}` : `/models?node=${encodeURIComponent(id)}`}
      aria-label={`${name}, ${state}`}
    >
      <rect
        class={`nd ${layer === 'source' ? 'source' : ''} ${look}`}
        x={x}
        y={y}
        width={NODE.width}
        height={NODE.height}
        rx="6"
      />
      <text class={layer === 'source' ? 'dim' : ''} x={x + NAME_MARGIN} y={y + 17} {...narrowed(label)}>
        {label}
      </text>
      <title>{name}</title>
    </a>
  );
}

/** A long name is set closer, not cut: what a screen reader says must hold what is seen. */
function narrowed(label: string): { textLength?: number; lengthAdjust?: 'spacingAndGlyphs' } {
  if (label.length <= NAME_CHARACTERS_MAX) return {};
  return { textLength: NODE.width - 2 * NAME_MARGIN, lengthAdjust: 'spacingAndGlyphs' };
}

/** A test between two models that found rows: dashed, with their number. */
function Relationship({
  from,
  to,
  failures,
  isFailed,
}: {
  from: Placed | undefined;
  to: Placed | undefined;
  failures: number;
  isFailed: boolean;
}) {
  if (from === undefined || to === undefined) return null;
  const right = Math.max(from.x, to.x) + NODE.width;
  const [startY, endY] = [from.y + NODE.height / 2, to.y + NODE.height / 2];
  const bend = right + 34;
  return (
    <>
      <path
        class={`e ${isFailed ? 'hot' : 'warmly'}`}
        stroke-dasharray="4 3"
        d={`M${from.x + NODE.width} ${startY}C${bend} ${startY} ${bend} ${endY} ${to.x + NODE.width} ${endY}`}
      />
      <text class={`lab ${isFailed ? 'fail' : 'warn'}`} x={right + 28} y={(startY + endY) / 2 + 4}>
        {failures}
      </text>
    </>
  );
}

const isBad = (placed: Placed | undefined) =>
  placed !== undefined && placed.node.state !== 'ok' && placed.node.state !== 'unknown';

function layout(nodes: GraphNode[], edges: Graph['edges']) {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 9, ranksep: 74, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  const ids = new Set(nodes.map(({ id }) => id));
  for (const { id } of nodes) graph.setNode(id, { ...NODE });
  const inside = edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  for (const { from, to } of inside) graph.setEdge(from, to);
  dagre.layout(graph);
  const placed = nodes.map((node): Placed => {
    const { x, y } = graph.node(node.id);
    return { node, x: x - NODE.width / 2, y: y - NODE.height / 2 };
  });
  const byId = new Map(placed.map((item) => [item.node.id, item]));
  const lines = inside.flatMap(({ from, to }) => {
    const [start, end] = [byId.get(from), byId.get(to)];
    if (start === undefined || end === undefined) return [];
    const [x1, y1, x2, y2] = [start.x + NODE.width, start.y + NODE.height / 2, end.x, end.y + NODE.height / 2];
    const middle = (x1 + x2) / 2;
    return [{ from, to, d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}` }];
  });
  const right = Math.max(0, ...placed.map(({ x }) => x + NODE.width));
  const bottom = Math.max(0, ...placed.map(({ y }) => y + NODE.height));
  return { placed, lines, width: right + 60, height: bottom + MARGIN };
}

function sentence(nodes: GraphNode[]): string {
  const count = (wanted: (node: GraphNode) => boolean) => nodes.filter(wanted).length;
  return [
    `${count(({ layer }) => layer === 'source')} tables, ${count(({ layer }) => layer !== 'source')} models`,
    `${count(({ state }) => state === 'fail')} failing`,
    `${count(({ state }) => state === 'suspect')} made of stale or missing rows`,
  ].join(', ');
}
