import type { Company } from './company.ts';
import { taskId } from './ids.ts';

/** A task takes its subtasks along; erasing it takes all that hangs on it too. */
export function placeTask(company: Company, number: number, place: 'live' | 'bin' | 'gone'): void {
  const { tasks, timelogs, records, people, now } = company;
  for (const subTask of tasks.subTasks(number)) placeTask(company, subTask, place);
  tasks.move(number, place, now());
  if (place !== 'live') {
    const operation = place === 'bin' ? 'TaskDeleted' : 'TaskErased';
    const objectName = tasks.row(number).title;
    records.audit.push({ operation, userId: people[0] ?? '', at: now(), objectId: taskId(number), objectName });
  }
  for (const other of tasks.neighbours(number)) if (tasks.place(other) !== 'gone') tasks.touch(other, now());
  if (place !== 'gone') return;
  for (const timelog of timelogs.ofTask(number)) timelogs.move(timelog, 'gone', now());
  for (const kind of [records.comments, records.attachments, records.approvals]) kind.removeOfTask(number);
}

/** A subtask needs its parent, and a task its folder. */
export function canBeRestored({ tasks, folders }: Company, number: number): boolean {
  const { superTask, folder } = tasks.row(number);
  if (superTask !== undefined) return tasks.place(superTask) === 'live';
  return folder !== undefined && folders.all[folder]?.place === 'live';
}
