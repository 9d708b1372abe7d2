import { formatBytes, formatDuration, formatNumber } from '@pipeline/protocol/format';
import { Kpis } from '../../parts/kpis.tsx';
import type { Run } from '../../schema.ts';

export function Figures({ run }: { run: Run }) {
  const { rowsRead, rowsLoaded, rejected, deleted, bytes, requests, requestsFailed, waitedSeconds, waitedFor } = run;
  return (
    <Kpis
      items={[
        { label: 'Rows read', value: formatNumber(rowsRead) },
        { label: 'Rows loaded', value: formatNumber(rowsLoaded) },
        { label: 'Rejected', value: formatNumber(rejected), tone: rejected > 0 ? 'warn' : undefined },
        { label: 'Marked deleted', value: formatNumber(deleted) },
        { label: 'Size sent', value: formatBytes(bytes) },
        {
          label: 'Requests',
          value: formatNumber(requests),
          note: requestsFailed === null || requestsFailed === 0 ? undefined : `${formatNumber(requestsFailed)} failed`,
        },
        {
          label: 'Waited',
          value: waitedSeconds === 0 ? '0 s' : formatDuration(waitedSeconds * 1_000),
          note: waitedFor.length === 0 ? undefined : `${waitedFor.join(', ')} limit`,
        },
      ]}
    />
  );
}
