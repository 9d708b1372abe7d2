import type { Context } from './context.ts';
import { Ended, EXIT } from './exit.ts';

/** Asks before what costs something. Without a terminal `--yes` says it. */
export async function confirm({ output, isYes }: Context, effect: string): Promise<void> {
  if (isYes()) return;
  const reply = await output.ask(`${effect}\nGo on? [y/N] `);
  if (reply?.toLowerCase() === 'y') return;
  throw new Ended(
    EXIT.usage,
    reply === undefined ? `${effect}\nwithout a terminal this needs --yes` : 'nothing was changed',
  );
}

/** Has a number or name typed before what cannot be undone. Without a terminal `--expect` says it. */
export async function expectTyped(
  { output }: Context,
  effect: string,
  expected: string,
  given: string | undefined,
): Promise<void> {
  const typed = given ?? (await output.ask(`${effect}\nType ${expected} to go on: `));
  if (typed === expected) return;
  throw new Ended(
    EXIT.usage,
    typed === undefined
      ? `${effect}\nwithout a terminal this needs --expect ${expected}`
      : `"${typed}" is not ${expected}: nothing was changed`,
  );
}
