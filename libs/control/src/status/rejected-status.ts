import { statusTable } from './status-table.ts';

export const rejectedStatus = statusTable({
  table: 'pipeline.rejected_records',
  column: 'status',
  entries: {
    open: {
      setBy: 'loader, or a replay that failed',
      when: 'the record does not fit',
      next: ['replaying', 'discarded'],
    },
    replaying: { setBy: 'operator, `replayRejected`', when: 'a loader shall load it', next: ['replayed', 'open'] },
    replayed: { setBy: 'loader, `endReplay`', when: 'it is loaded', next: [] },
    discarded: { setBy: 'operator, `discardRejected`', when: 'it is not needed', next: [] },
  },
});
