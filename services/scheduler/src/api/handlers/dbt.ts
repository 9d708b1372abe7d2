import {
  listBuilds,
  listNodeHistory,
  listNodeResults,
  listNodes,
  listNodesToRetry,
  listOpenIncidents,
  listSources,
  type NodeRow,
  newestBuildTarget,
  operate,
  placeOfBuild,
  readBuild,
  readOnly,
  recordAudit,
  refusal,
  requestBuild,
} from '@pipeline/control';
import type { Graph, GraphNode } from '@pipeline/protocol/api';
import type { ApiDeps } from '../deps.ts';
import { fromCursor, toCursor, toPage, UUID } from '../http/cursor.ts';
import type { Handlers } from '../http/handler.ts';
import { graphOf, nodeOf } from './dbt-graph.ts';
import { inTime } from './in-time.ts';

type Names = 'listBuilds' | 'getBuild' | 'startBuild' | 'getGraph' | 'getNode' | 'getFailures';

const FAILURES_SHOWN = 50;
const FAILED = new Set(['fail', 'error', 'runtime error']);

/** dbt: builds, graph, nodes and what their tests found. */
export function dbtHandlers({ pool, wake }: Pick<ApiDeps, 'pool' | 'wake'>): Handlers<Names> {
  return {
    listBuilds: async ({ query }) => {
      const id = fromCursor(query.cursor, [UUID])?.[0];
      const after = id === undefined ? undefined : await placeOfBuild(pool, id);
      const rows = await listBuilds(pool, { limit: query.limit + 1, after });
      return toPage(rows, query.limit, (row) => toCursor(row.id));
    },
    getBuild: async ({ params }) => {
      const build = await readBuild(pool, params.id);
      if (build === undefined) throw refusal('UNKNOWN_BUILD', `there is no build ${params.id}`);
      return { ...build, nodes: await listNodeResults(pool, params.id) };
    },
    startBuild: async ({ body }, { actor }) => {
      const sources = body.sources ?? (await listSources(pool)).map(({ description }) => description.source);
      const { failed, skipped, tested } = await listNodesToRetry(pool);
      if (body.onlyFailed && failed.length === 0) throw refusal('NOTHING_FAILED', 'no node failed in its last build');
      const target = (await newestBuildTarget(pool)) ?? 'warehouse';
      const wish = {
        target,
        sources,
        onlyNodes: body.onlyFailed ? [...new Set([...failed, ...skipped, ...tested])] : null,
        by: actor,
      };
      const id = await operate(pool, { actor, action: 'request-build', target, details: { ...body } }, (client) =>
        requestBuild(client, wish),
      );
      wake();
      return {
        id,
        message: body.onlyFailed
          ? `${failed.length} nodes that failed are built again, with ${skipped.length} that were skipped because of them`
          : 'asked for; it starts when no build runs',
      };
    },
    getGraph: async () => {
      const [{ manifestHash, nodes }, incidents] = await Promise.all([listNodes(pool), listOpenIncidents(pool)]);
      return graphOf(manifestHash, nodes, incidents) satisfies Graph;
    },
    getNode: async ({ params }) => {
      const [{ nodes }, incidents] = await Promise.all([listNodes(pool), listOpenIncidents(pool)]);
      const row = known(nodes, params.id);
      const results = await listNodeHistory(pool, params.id);
      const firstGood = results.findIndex(({ status }) => !FAILED.has(status));
      const failing = firstGood === -1 ? results : results.slice(0, firstGood);
      const cause = incidents.find(({ consequences }) => consequences.some(({ subject }) => subject === params.id));
      return {
        ...(nodeOf(row, nodes, incidents) satisfies GraphNode),
        sql: row.sql,
        parents: row.parents,
        children: nodes.filter(({ parents }) => parents.includes(row.id)).map(({ id }) => id),
        failures: row.failures,
        message: row.message,
        failingSince: failing.at(-1)?.at ?? null,
        failingBuilds: failing.length,
        probableCause: cause?.title ?? null,
        results,
      };
    },
    getFailures: async ({ params }, { actor }) => {
      const row = known((await listNodes(pool)).nodes, params.id);
      if (row.kind !== 'test' || row.sql === null)
        throw refusal('NO_FAILING_ROWS', `${row.name} is no test whose rows can be read: build it once`);
      const { sql } = row;
      await recordAudit(pool, { actor, action: 'read-failures', target: row.id, details: {} });
      const found = await inTime(() =>
        readOnly(pool, `select * from (${sql.replace(/;\s*$/, '')}) failing limit ${FAILURES_SHOWN}`),
      );
      return { ...found, total: row.failures, readAt: new Date().toISOString() };
    },
  };
}

function known(nodes: NodeRow[], id: string): NodeRow {
  const node = nodes.find((candidate) => candidate.id === id);
  if (node === undefined) throw refusal('UNKNOWN_NODE', `there is no node ${id}`);
  return node;
}
