import { listNodes } from '@pipeline/control';
import type { ApiDeps } from '../deps.ts';

/** Why a stream cannot be read again from a date. Null: it can. */
export function backfillRefusal(
  replicationKey: string | null,
  bookmark: string | null,
  keyColumns: string[] | undefined,
): string | null {
  if (replicationKey === null) return 'it has no date to begin from: every run reads all of it';
  if (keyColumns?.length === 0)
    return 'its table has no key, so what is read again would be there twice: refresh it instead';
  return bookmark === null ? 'it was never read to its end: its next run reads everything anyway' : null;
}

/** Models that are built from a stream's table, with how they ended. */
export async function feedsOf({ pool }: Pick<ApiDeps, 'pool'>, schema: string, stream: string) {
  const { nodes } = await listNodes(pool);
  const found = new Set(
    nodes.filter((n) => n.kind === 'source' && n.databaseSchema === schema && n.stream === stream).map(({ id }) => id),
  );
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const node of nodes)
      if (node.kind !== 'test' && node.parents.some((parent) => found.has(parent))) found.add(node.id);
  }
  return nodes
    .filter(({ id, kind }) => found.has(id) && kind !== 'source')
    .map(({ id, name, kind, status }) => ({ id, name, kind, state: status }));
}
