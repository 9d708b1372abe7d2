import type { ApplyDeletes } from '@pipeline/control';
import type { Manifest } from '@pipeline/protocol';
import type { Warehouse } from '@pipeline/warehouse';
import { type StreamTargets, targetOfSource } from './stream-targets.ts';

/** Marks in the warehouse what a complete attempt proves to be gone from the source, and makes new tables ready to be queried. */
export function createApplyDeletes(warehouse: Warehouse, targets: StreamTargets = targetOfSource): ApplyDeletes {
  return async (client, { pipeline, source, epoch, manifest, massDeletes }) => {
    let deleted = 0;
    for (const [stream, { deletes: rule, rows }] of parentsFirst(manifest.streams)) {
      const target = await targets({ pipeline, source, stream });
      const parent =
        rule.kind === 'absent-per-parent' ? await targets({ pipeline, source, stream: rule.parent }) : target;
      const result = await warehouse.activate(client, {
        databaseSchema: target.databaseSchema,
        parentSchema: parent.databaseSchema,
        stream,
        epoch,
        rule,
        ...(massDeletes ? { threshold: 'off' } : {}),
      });
      if (result.outcome === 'refused') {
        return {
          refused:
            `${source}.${stream}: ${result.absent} of ${result.live} rows are missing from the source, which is more than is believed; ` +
            'nothing was deleted. If it is true, start a run with "massDeletes": true',
        };
      }
      deleted += result.deleted;
      // Every batch is in, and those of earlier attempts are fenced: nothing brings the rows back.
      if (target.deletes === 'hard') await warehouse.removeDeleted(client, { ...target, stream });
      if (rows > 0) await warehouse.analyzeNew(client, { ...target, stream });
    }
    return { deleted };
  };
}

type StreamManifest = [stream: string, manifest: Manifest['streams'][string]];

/** A child's rule looks at its parent's rows as the parent's own rule left them. */
export function parentsFirst(streams: Manifest['streams']): StreamManifest[] {
  const ordered: StreamManifest[] = [];
  let left = Object.entries(streams);
  while (left.length > 0) {
    const names = new Set(left.map(([stream]) => stream));
    const ready = left.filter(([, { deletes }]) => deletes.kind !== 'absent-per-parent' || !names.has(deletes.parent));
    if (ready.length === 0) throw new RangeError('the delete rules of these streams depend on one another in a circle');
    ordered.push(...ready);
    left = left.filter((entry) => !ready.includes(entry));
  }
  return ordered;
}
