import { type StatusOf, statusTable } from './status-table.ts';

export const runStatus = statusTable({
  table: 'pipeline.runs',
  column: 'status',
  entries: {
    running: {
      setBy: 'scheduler, `startRun`',
      when: 'its tasks are queued',
      next: ['loaded', 'incomplete', 'failed', 'cancelled'],
    },
    loaded: { setBy: 'whoever ends its last task', when: 'every task is `loaded`', next: [] },
    incomplete: { setBy: 'whoever ends its last task', when: 'a task is `incomplete`, none failed', next: [] },
    failed: { setBy: 'whoever ends its last task', when: 'a task failed', next: [] },
    cancelled: { setBy: 'operator, `cancelRun`', when: 'a task was cancelled, none failed', next: [] },
  },
});
export type RunStatus = StatusOf<typeof runStatus>;
