import { randomBytes } from 'node:crypto';
import { RefreshChain } from './refresh-chain.ts';

export interface ConsentGiven {
  scopes: string[];
  authEventId: string;
}

/** The refresh tokens of all consents. */
export class RefreshChains {
  readonly #chains: { chain: RefreshChain; consent: ConsentGiven }[];
  readonly #secret: string;
  readonly #now: () => number;

  constructor(options: { first: string; consent: ConsentGiven; secret: string; now: () => number }) {
    const { first, secret, now, consent } = options;
    this.#secret = secret;
    this.#now = now;
    this.#chains = [{ chain: new RefreshChain({ first, secret, now }), consent }];
  }

  /** The first token of a new consent. */
  start(consent: ConsentGiven): string {
    const first = randomBytes(32).toString('base64url');
    this.#chains.push({ chain: new RefreshChain({ first, secret: this.#secret, now: this.#now }), consent });
    return first;
  }

  /** Takes a token and returns the one to use next. Undefined: `invalid_grant`. */
  redeem(token: string): { token: string; consent: ConsentGiven } | undefined {
    for (const { chain, consent } of this.#chains) {
      const next = chain.redeem(token);
      if (next !== undefined) return { token: next, consent };
    }
    return undefined;
  }

  /** Ends the consent that a token belongs to. */
  revoke(token: string): void {
    for (const { chain } of this.#chains) if (chain.owns(token)) chain.revoke();
  }
}
