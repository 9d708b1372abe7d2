import { type StatusOf, statusTable } from './status-table.ts';

/** Null while the attempt is live. */
export const attemptOutcome = statusTable({
  table: 'pipeline.attempts',
  column: 'outcome',
  first: ['loaded', 'incomplete', 'failed', 'interrupted', 'superseded'],
  entries: {
    loaded: { setBy: 'loader, `finalise`', when: 'with its task', next: [] },
    incomplete: { setBy: 'loader, `finalise`', when: 'with its task', next: [] },
    failed: { setBy: 'tap, loader, scheduler', when: 'the source, the data or the lease', next: [] },
    interrupted: {
      setBy: 'tap, `releaseTask`; operator',
      when: 'a shutdown, or a command that changes what is read; does not count as one of the three attempts',
      next: [],
    },
    superseded: { setBy: 'tap, `claimTask` of the next attempt', when: 'it was never ended properly', next: [] },
  },
});
export type AttemptOutcome = StatusOf<typeof attemptOutcome>;

/** Every batch is in. */
export const WHOLE = ['loaded', 'incomplete'] as const satisfies AttemptOutcome[];
