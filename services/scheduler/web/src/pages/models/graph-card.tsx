import { ErrorBoundary, lazy } from 'preact-iso';
import { Chips } from '../../parts/chips.tsx';
import { useConnectionLabel } from '../../parts/connection-label.ts';
import type { Graph, GraphNode } from '../../schema.ts';

const Drawing = lazy(() => import('./graph-drawing.tsx'));

/** Neighbours of what is wrong or chosen, one source, or everything. */
export function GraphCard({ graph, view, node }: { graph: Graph; view: string; node: string | undefined }) {
  const labelOf = useConnectionLabel();
  const shownKinds = graph.nodes.filter(({ kind }) => kind !== 'test');
  const sources = [
    ...new Set(graph.nodes.flatMap(({ connection }) => (connection === null ? [] : [connection]))),
  ].toSorted();
  const focus = node !== undefined && shownKinds.some(({ id }) => id === node) ? [node] : failing(graph);
  const current = view !== '' ? view : focus.length > 0 ? 'around' : (sources[0] ?? 'all');
  const nodes = chosen(graph, current, focus);
  const chip = (label: string, id: string, count?: number) => ({
    label,
    href: `/models?view=${id}${node === undefined ? '' : `&node=${encodeURIComponent(node)}`}`,
    isCurrent: current === id,
    count,
  });
  return (
    <section class="card" aria-labelledby="graph">
      <header>
        <h2 id="graph">Graph</h2>
        <Chips
          label="Part of the graph"
          chips={[
            ...(focus.length > 0 ? [chip(node === undefined ? 'Around the failure' : 'Around it', 'around')] : []),
            ...sources.map((source) => chip(labelOf(source), source)),
            chip('All', 'all', shownKinds.length),
          ]}
        />
      </header>
      <div class="pad scroll" tabIndex={0} role="region" aria-label="Graph of the models">
        <ErrorBoundary>
          <Drawing nodes={nodes} edges={graph.edges} relationships={graph.relationships} />
        </ErrorBoundary>
      </div>
    </section>
  );
}

/** Failing models, and those that a failing test looks at. */
function failing({ nodes, edges }: Graph): string[] {
  const failed = new Set(nodes.filter(({ state }) => state === 'fail').map(({ id }) => id));
  const models = new Set(nodes.filter(({ kind }) => kind !== 'test').map(({ id }) => id));
  return [...new Set([...failed, ...edges.filter(({ to }) => failed.has(to)).map(({ from }) => from)])].filter((id) =>
    models.has(id),
  );
}

function chosen({ nodes, edges }: Graph, view: string, focus: string[]): GraphNode[] {
  const models = nodes.filter(({ kind }) => kind !== 'test');
  if (view === 'all') return models;
  const roots = view === 'around' ? focus : models.filter(({ connection }) => connection === view).map(({ id }) => id);
  const found = new Set([...reachable(roots, edges, 'up'), ...reachable(roots, edges, 'down')]);
  return models.filter(({ id }) => found.has(id));
}

function reachable(roots: string[], edges: Graph['edges'], direction: 'up' | 'down'): Set<string> {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [start, end] = direction === 'down' ? [from, to] : [to, from];
    next.set(start, [...(next.get(start) ?? []), end]);
  }
  const found = new Set(roots);
  // A set is walked in the order of insertion, also over what is added meanwhile.
  for (const id of found) for (const neighbour of next.get(id) ?? []) found.add(neighbour);
  return found;
}
