/** Returns the value of a request's Authorization header. */
export interface Authenticator {
  /** @throws PipelineError `SOURCE_UNAUTHORISED` when only the operator can mend it. */
  authorization: () => Promise<string>;
  /** The source refused this value: gets another one. False when there is no other. */
  renew: (refused: string) => Promise<boolean>;
  /** Where the account lives, if the token endpoint said so. Asked after `authorization`. */
  baseUrl?: () => string | undefined;
  /** Uses a refresh token that would die of disuse before long. */
  keepAlive?: () => Promise<void>;
  /** When the access ends if it is not used, in epoch milliseconds, as far as it is known. */
  endsAt?: () => number | undefined;
}

export function bearerAuth(token: string): Authenticator {
  return {
    authorization: () => Promise.resolve(`Bearer ${token}`),
    renew: () => Promise.resolve(false),
  };
}
