import type { Queryable, RowOf } from '@pipeline/postgres';
import type { BuildItem, NodeResult } from '@pipeline/protocol/api';
import type { z } from 'zod';
import type { After } from '../observe/list-runs.ts';
import * as statements from './builds.sql.ts';

const NODE_HISTORY = 40;

/** Newest first. */
export function listBuilds(db: Queryable, page: { limit: number; after: After | undefined }): Promise<BuildItem[]> {
  const { limit, after } = page;
  return statements.selectBuilds.all(db, { limit, afterAt: after?.at ?? null, afterId: after?.id ?? null });
}

/** A build as lists show it. Undefined: there is no such build. */
export function readBuild(db: Queryable, id: string): Promise<BuildItem | undefined> {
  return statements.selectBuild.first(db, { id });
}

/** The place of a build in its list. Undefined: there is no such build. */
export function placeOfBuild(db: Queryable, id: string): Promise<After | undefined> {
  return statements.selectBuildPlace.first(db, { id });
}

/** Results of a build, node by node; without values of records. */
export function listNodeResults(db: Queryable, buildId: string): Promise<z.infer<typeof NodeResult>[]> {
  return statements.selectNodeResults.all(db, { buildId });
}

export type NodeRow = Omit<RowOf<typeof statements.selectGraphNodes>, 'hash'>;

/** The nodes of the newest manifest with the result of the last build that ran them. */
export async function listNodes(db: Queryable): Promise<{ manifestHash: string | null; nodes: NodeRow[] }> {
  const rows = await statements.selectGraphNodes.all(db);
  return { manifestHash: rows[0]?.hash ?? null, nodes: rows.map(({ hash: _, ...node }) => node) };
}

/** What builds again what failed, by node id. */
export interface NodesToRetry {
  /** In their last build. */
  failed: string[];
  /** Because of them. */
  skipped: string[];
  /** Models that a failed test looks at: one that is a table holds what it held until it is built. */
  tested: string[];
}

/** Nodes that failed in their last build and those that were skipped for it, with the models that failed tests look at. */
export async function listNodesToRetry(db: Queryable): Promise<NodesToRetry> {
  const rows = await statements.selectNodesToRetry.all(db);
  const failed = rows.filter(({ isSkipped }) => !isSkipped);
  const tested = failed.flatMap(({ kind, parents }) => (kind === 'test' ? parents : []));
  return {
    failed: failed.map(({ id }) => id),
    skipped: rows.filter(({ isSkipped }) => isSkipped).map(({ id }) => id),
    tested: [...new Set(tested)].filter((id) => !id.startsWith('source.')),
  };
}

export type NodeHistory = RowOf<typeof statements.selectNodeHistory>;

/** The newest results of a node. */
export function listNodeHistory(db: Queryable, id: string): Promise<NodeHistory[]> {
  return statements.selectNodeHistory.all(db, { id, limit: NODE_HISTORY });
}

/** Targets that builds were made of; the newest first. */
export async function newestBuildTarget(db: Queryable): Promise<string | undefined> {
  return (await statements.selectNewestTarget.first(db))?.target;
}
