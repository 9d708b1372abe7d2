import { z } from 'zod';

/** The pair of tokens of one authorisation, and what is needed to survive a lost response. */
export const StoredTokens = z.object({
  /** SHA-256 of the refresh token that the operator configured: another one there begins anew. */
  seed: z.string(),
  accessToken: z.string(),
  /** Epoch milliseconds. */
  expiresAt: z.number(),
  refreshToken: z.string(),
  /** Used once more if the response that replaced it never arrived. */
  previousRefreshToken: z.string().optional(),
  /** Epoch milliseconds. */
  rotatedAt: z.number(),
  /** Where the account lives, if the token endpoint said so. */
  baseUrl: z.string().optional(),
});
export type StoredTokens = z.infer<typeof StoredTokens>;

/** Where rotating tokens live. */
export interface TokenStore {
  /** Runs `work` alone among everybody who shares the store, with what is stored. What it returns is durable before this
   *  returns, so nobody uses a token that a crash could lose. */
  exclusively: (work: (stored: StoredTokens | undefined) => Promise<StoredTokens>) => Promise<StoredTokens>;
}
