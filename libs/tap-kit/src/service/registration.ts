import type { PipelineStreams } from '@pipeline/control';
import type { AccountCatalog } from '../catalog/account-catalog.ts';

/** What the scheduler makes tasks of: root streams with the selected children. A root whose child is selected is read as well. */
export function selectedTasks({
  streams,
  selection,
}: Pick<AccountCatalog<never>, 'streams' | 'selection'>): PipelineStreams[] {
  return streams
    .map((stream) => ({
      name: stream.name,
      isSelected: selection.isSelected(stream.name),
      children: (stream.children ?? []).map((child) => child.name).filter((child) => selection.isSelected(child)),
      replication: stream.replication,
    }))
    .filter(({ isSelected, children }) => isSelected || children.length > 0)
    .map(({ name, children, replication }) => ({
      name,
      children,
      ...(replication.method === 'INCREMENTAL' ? { replicationKey: replication.key } : {}),
    }));
}
