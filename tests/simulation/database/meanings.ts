import type { Meanings } from './statement.ts';
import { cycleStatements } from './statements/cycle-statements.ts';
import { loadStatements } from './statements/load-statements.ts';
import { operatorStatements } from './statements/operator-statements.ts';
import { taskStatements } from './statements/task-statements.ts';
import { watchStatements } from './statements/watch-statements.ts';

/** Every statement that tap, loader, finaliser, scheduler and operator send. */
export const meanings: Meanings = {
  ...taskStatements,
  ...loadStatements,
  ...cycleStatements,
  ...watchStatements,
  ...operatorStatements,
};
