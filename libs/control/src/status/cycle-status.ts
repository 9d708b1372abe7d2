import { type StatusOf, statusTable } from './status-table.ts';

export const cycleStatus = statusTable({
  table: 'pipeline.cycles',
  column: 'status',
  entries: {
    extracting: {
      setBy: 'scheduler, `startCycle`',
      when: 'due, or a run was asked for',
      next: ['transforming', 'failed'],
    },
    transforming: {
      setBy: 'scheduler, `startTransforming`',
      when: 'every run has ended and something was loaded',
      next: ['succeeded', 'failed'],
    },
    succeeded: { setBy: 'scheduler, `finishCycle`', when: 'every run and every dbt node succeeded', next: [] },
    failed: { setBy: 'scheduler', when: 'a run or node failed, or nothing was loaded', next: [] },
  },
});
export type CycleStatus = StatusOf<typeof cycleStatus>;
