import type { Random } from '../../random.ts';
import type { Company } from './company.ts';
import * as folders from './folder-changes.ts';
import * as people from './people-changes.ts';
import * as records from './record-changes.ts';
import * as tasks from './task-changes.ts';

/** Makes the change and says what it was, or returns undefined when there is nothing to change in this way. */
type Change = (company: Company, random: Random) => string | undefined;

const changes: readonly (readonly [weight: number, change: Change])[] = [
  [30, tasks.updateTask],
  [12, tasks.createTask],
  [6, tasks.createSubTask],
  [8, tasks.binTask],
  [5, tasks.restoreTask],
  [5, tasks.eraseTask],
  [5, tasks.moveTask],
  [3, tasks.linkTask],
  [8, tasks.logTime],
  [6, tasks.updateTimelog],
  [5, tasks.deleteTimelog],
  [3, folders.renameFolder],
  [2, folders.createProject],
  [2, folders.moveFolder],
  [1, folders.convertFolder],
  [1, folders.binFolder],
  [1, folders.restoreFolder],
  [1, folders.eraseFolder],
  [2, folders.shareFolder],
  [1, people.renamePerson],
  [1, people.hire],
  [1, people.dismiss],
  [1, people.renameStatus],
  [1, people.addStatus],
  [1, people.renameSpace],
  [1, people.changeMembers],
  [6, records.addWorkRecord],
  [4, records.changeWorkRecord],
  [2, records.deleteWorkRecord],
  [4, records.changeReference],
  [1, records.changeSchedules],
];
const WEIGHTS = changes.reduce((sum, [weight]) => sum + weight, 0);

/** One change that a user of Wrike could make. */
export function mutateCompany(company: Company, random: Random): string {
  const change = pickChange(random.integer(1, WEIGHTS));
  return change(company, random) ?? tasks.createTask(company, random) ?? 'nothing could be changed';
}

function pickChange(draw: number): Change {
  let sum = 0;
  for (const [weight, change] of changes) {
    sum += weight;
    if (draw <= sum) return change;
  }
  return tasks.createTask;
}
