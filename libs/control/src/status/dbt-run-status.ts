import { statusTable } from './status-table.ts';

export const dbtRunStatus = statusTable({
  table: 'pipeline.dbt_runs',
  column: 'status',
  entries: {
    queued: { setBy: 'dbt-runner, `requestDbtRun`', when: 'a cycle is loaded', next: ['running', 'failed'] },
    running: {
      setBy: 'dbt-runner, `claimDbtRun`',
      when: 'it has the lease; again when an earlier runner died or released it',
      next: ['running', 'succeeded', 'failed'],
    },
    succeeded: { setBy: 'dbt-runner, `finishDbtRun`', when: 'every node succeeded', next: [] },
    failed: { setBy: 'dbt-runner, `finishDbtRun`', when: 'a node failed, or no attempt is left', next: [] },
  },
});
