import { signal } from '@preact/signals';
import type { Check, Source, Timing } from '../../schema.ts';
import type { Selected } from './selection.ts';

/** A connection that is being made. It is in this tab alone: nothing is saved half, and no secret is stored. */
export interface Draft {
  source: string;
  /** Text of the form by setting. */
  values: Record<string, string>;
  /** Of a consent that was given in another tab. */
  consentId?: string | undefined;
  check?: Check | undefined;
  selected?: Selected | undefined;
  name: string;
  targetSchema: string;
  timing: Timing;
}

const INTERVAL_SECONDS = 300;

export const draft = signal<Draft | undefined>(undefined);

/** Begins with a source. @param taken names of connections there are */
export function beginDraft({ source }: Pick<Source, 'source'>, taken: string[]): void {
  let name: string = source;
  for (let number = 2; taken.includes(name); number += 1) name = `${source}_${number}`;
  draft.value = {
    source,
    values: {},
    name,
    targetSchema: name,
    timing: { kind: 'interval', seconds: INTERVAL_SECONDS },
  };
}

export function changeDraft(changes: Partial<Draft>): void {
  const current = draft.peek();
  if (current !== undefined) draft.value = { ...current, ...changes };
}
