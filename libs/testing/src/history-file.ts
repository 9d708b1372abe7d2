import { readFileSync } from 'node:fs';
import { HistoryEvent } from '@pipeline/probe';

/** The events of a history file, in the order in which they were noted. A line that a kill cut off is left out: nobody knows what it said. */
export function readHistory(path: string): HistoryEvent[] {
  return readFileSync(path, 'utf8').split('\n').flatMap(parse);
}

function parse(line: string): HistoryEvent[] {
  try {
    return [HistoryEvent.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
