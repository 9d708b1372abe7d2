import { type StatusOf, statusTable } from './status-table.ts';

export const taskStatus = statusTable({
  table: 'pipeline.tasks',
  column: 'status',
  entries: {
    queued: {
      setBy: 'scheduler, or whoever ends an attempt that may be repeated',
      when: 'the command is in the outbox',
      next: ['running', 'failed', 'cancelled'],
    },
    running: {
      setBy: 'tap, `claimTask`',
      when: 'it has the lease',
      next: ['loading', 'loaded', 'incomplete', 'queued', 'failed', 'cancelled'],
    },
    loading: {
      setBy: 'tap, `finishExtraction`',
      when: 'its final batch is confirmed',
      next: ['loaded', 'incomplete', 'queued', 'failed', 'cancelled'],
    },
    loaded: { setBy: 'loader, `finalise`', when: 'every batch is in', next: [] },
    incomplete: {
      setBy: 'loader, `finalise`',
      when: 'every batch is in, and the source was not read to its end',
      next: [],
    },
    failed: {
      setBy: 'tap, loader or scheduler, `failTask`',
      when: 'no attempt is left, or no attempt can help',
      next: [],
    },
    cancelled: { setBy: 'operator, `cancelRun`', when: 'with its run', next: [] },
  },
});
export type TaskStatus = StatusOf<typeof taskStatus>;

/** An attempt carries the task. */
export const UNDER_WAY = ['running', 'loading'] as const satisfies TaskStatus[];
