import { type StatusOf, statusTable } from './status-table.ts';

export const deadLetterStatus = statusTable({
  table: 'pipeline.dead_letters',
  column: 'status',
  entries: {
    open: {
      setBy: 'scheduler, `archiveDeadLetter`',
      when: 'a message could not be handled',
      next: ['replayed', 'skipped', 'discarded'],
    },
    replayed: { setBy: 'operator, `replayDeadLetter`', when: 'it is sent again, or was loaded already', next: [] },
    skipped: { setBy: 'operator, `skipDeadLetter`', when: 'its attempt may end without it', next: [] },
    discarded: {
      setBy: 'operator, `discardDeadLetter`; scheduler, `discardObsoleteDeadLetters`',
      when: 'it is not needed, or its rows came with a later attempt',
      next: [],
    },
  },
});
export type DeadLetterStatus = StatusOf<typeof deadLetterStatus>;
