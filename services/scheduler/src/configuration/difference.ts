import type { ConfigurationChange } from '@pipeline/protocol/api';
import type { z } from 'zod';
import type { Current } from './current.ts';
import type { Document } from './document.ts';

type Leaf = z.core.util.JSONType;
type Leaves = Record<string, Leaf>;

/** What would change if the document were applied. What it leaves out stays, unless `prune` says that it goes. */
export function differenceOf(wanted: Document, { document: current }: Current, prune: boolean): ConfigurationChange[] {
  const settings = changesOf('setting', values(wanted.settings), values(current.settings), prune);
  const connections = changesOf('connection', withDefaults(wanted.connections), current.connections, prune);
  const alerts = changesOf('alert-channel', wanted.alerts, current.alerts, prune);
  // What variables make does not go because a document is silent about it.
  const isKept = ({ kind, name, action }: ConfigurationChange) =>
    kind === 'connection' && action === 'remove' && current.connections[name]?.madeBy === 'variables';
  return [...settings, ...connections, ...alerts].filter((change) => !isKept(change));
}

const values = (settings: Document['settings']) =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { value }]));

const withDefaults = (connections: Document['connections']) =>
  Object.fromEntries(
    Object.entries(connections).map(([name, connection]) => [
      name,
      connection.madeBy === 'variables' ? connection : { targetSchema: name, ...connection },
    ]),
  );

function changesOf(
  kind: ConfigurationChange['kind'],
  wanted: Record<string, object>,
  current: Record<string, object>,
  prune: boolean,
): ConfigurationChange[] {
  const changes: ConfigurationChange[] = [];
  for (const [name, item] of Object.entries(wanted)) {
    const existing = current[name];
    const fields = fieldsOf(item, existing ?? {});
    if (existing === undefined) changes.push({ kind, name, action: 'create', fields });
    else if (fields.length > 0) changes.push({ kind, name, action: 'change', fields });
  }
  const missing = prune ? Object.keys(current).filter((name) => !Object.hasOwn(wanted, name)) : [];
  return [...changes, ...missing.map((name) => ({ kind, name, action: 'remove' as const, fields: [] }))];
}

function fieldsOf(wanted: object, existing: object): ConfigurationChange['fields'] {
  const [before, after] = [flat(existing), flat(wanted)];
  // A schedule that is left out stays as it is; so does who makes the connection.
  const ofSchedule = (path: string) =>
    path.startsWith('schedule') && !('schedule' in wanted && wanted.schedule !== undefined);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => path !== 'madeBy' && !ofSchedule(path))
    .filter((path) => JSON.stringify(before[path]) !== JSON.stringify(after[path]))
    .map((path) => ({ path, from: before[path] ?? null, to: after[path] ?? null }));
}

/** Leaves by path; a secret is only `set`. */
function flat(value: object, path = ''): Leaves {
  const leaves: Leaves = {};
  for (const [name, item] of Object.entries(value) as [string, Leaf | undefined][]) {
    const at = path === '' ? name : `${path}.${name}`;
    if (at.startsWith('secrets.') || at === 'target') leaves[at] = 'set';
    else if (typeof item === 'object' && item !== null && !Array.isArray(item)) Object.assign(leaves, flat(item, at));
    else if (item !== undefined) leaves[at] = item;
  }
  return leaves;
}
