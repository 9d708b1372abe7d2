import type { StoredTokens, TokenStore } from '../src/auth/token-store.ts';

/** Keeps rotating tokens the way the database does: one at a time, and nothing is saved when the work fails.
 *  @param beforeSave stands between the provider's response and the save: throws where a process dies there */
export function memoryTokenStore(beforeSave: (tokens: StoredTokens) => void = () => undefined): TokenStore {
  let stored: StoredTokens | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    exclusively: (work) => {
      const mine = turn.then(async () => {
        const tokens = await work(stored);
        if (tokens !== stored) beforeSave(tokens);
        stored = tokens;
        return tokens;
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
