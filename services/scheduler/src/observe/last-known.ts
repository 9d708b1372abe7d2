import { verdictWithoutDatabase } from '@pipeline/control';
import { failureOf, isWaitedOut } from '@pipeline/postgres';
import { FAILURES, type Failure } from '@pipeline/protocol';
import type { Now } from '@pipeline/protocol/api';

/** Reads; while PostgreSQL is in trouble, what was read last, marked by the caller as what it is.
 *  @throws the error itself where nothing was read before, or it is none that passes. */
export function lastKnown<T>(read: () => Promise<T>, mark: (known: T, failure: Failure) => T): () => Promise<T> {
  let known: T | undefined;
  return async () => {
    try {
      known = await read();
      return known;
    } catch (error) {
      const failure = failureOf(error);
      if (known === undefined || !isWaitedOut(failure)) throw error;
      return mark(known, failure);
    }
  };
}

/** What was known, as it is shown while PostgreSQL cannot be asked. */
export function withoutDatabase(known: Now, { name }: Failure): Now {
  const verdict = verdictWithoutDatabase(FAILURES[name].says, known.verdict.count);
  return { ...known, now: new Date().toISOString(), verdict, vitals: { ...known.vitals, isDatabaseConnected: false } };
}
