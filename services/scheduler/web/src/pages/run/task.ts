import { now } from '../../clock.ts';
import type { TaskItem } from '../../schema.ts';

/** A task with its child streams. */
export function taskName({ stream, children }: TaskItem): string {
  return children.length === 0 ? stream : `${stream} +${children.length}`;
}

/** So far, for one that is live. */
export function secondsOf({ seconds, startedAt }: TaskItem): number {
  return seconds ?? (startedAt === null ? 0 : Math.max(0, now.value - Date.parse(startedAt)) / 1_000);
}
