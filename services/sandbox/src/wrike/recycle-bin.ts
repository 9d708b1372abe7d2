import type { Company } from './company.ts';

/** A task takes its subtasks along; erasing it takes its time logs too. */
export function placeTask(company: Company, number: number, place: 'live' | 'bin' | 'gone'): void {
  const { tasks, timelogs, now } = company;
  for (const subTask of tasks.subTasks(number)) placeTask(company, subTask, place);
  tasks.move(number, place, now());
  for (const other of tasks.neighbours(number)) if (tasks.place(other) !== 'gone') tasks.touch(other, now());
  if (place === 'gone') for (const timelog of timelogs.ofTask(number)) timelogs.move(timelog, 'gone', now());
}

/** A subtask needs its parent, and a task its folder. */
export function canBeRestored({ tasks, folders }: Company, number: number): boolean {
  const { superTask, folder } = tasks.row(number);
  if (superTask !== undefined) return tasks.place(superTask) === 'live';
  return folder !== undefined && folders.all[folder]?.place === 'live';
}
