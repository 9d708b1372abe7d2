import { createHmac, timingSafeEqual } from 'node:crypto';

const DAY_MS = 86_400_000;

/** How long the previous refresh token works after its first use: the client may have lost the response. */
const GRACE_MS = 30 * 60_000;

const UNUSED_LIFE_MS = 60 * DAY_MS;

interface Link {
  number: number;
  issuedAt: number;
  usedAt?: number;
}

/** The refresh tokens of one consent: each works once and brings its successor. A token carries its number in the chain, signed,
 *  so that a restarted service still knows the tokens that it issued before. */
export class RefreshChain {
  readonly #first: string;
  readonly #secret: string;
  readonly #now: () => number;
  /** The newest token, which nobody has used yet. */
  #newest: Link;
  #previous: Link | undefined;
  #isRevoked = false;

  constructor(options: { first: string; secret: string; now: () => number }) {
    this.#first = options.first;
    this.#secret = options.secret;
    this.#now = options.now;
    this.#newest = { number: 0, issuedAt: options.now() };
  }

  /** Takes a token and returns the one to use next. Undefined: `invalid_grant`. */
  redeem(token: string): string | undefined {
    if (this.#isRevoked) return undefined;
    const now = this.#now();
    const number = this.#numberOf(token);
    if (number === undefined) return undefined;
    if (number > this.#newest.number) this.#newest = { number, issuedAt: now };
    if (number === this.#newest.number) {
      if (now - this.#newest.issuedAt > UNUSED_LIFE_MS) return undefined;
      this.#previous = { ...this.#newest, usedAt: now };
      this.#newest = { number: number + 1, issuedAt: now };
      return this.#token(number + 1);
    }
    const isInGrace = number === this.#previous?.number && now - (this.#previous.usedAt ?? 0) <= GRACE_MS;
    return isInGrace ? this.#token(this.#newest.number) : undefined;
  }

  owns(token: string): boolean {
    return this.#numberOf(token) !== undefined;
  }

  revoke(): void {
    this.#isRevoked = true;
  }

  #numberOf(token: string): number | undefined {
    if (token === this.#first) return 0;
    const number = Number.parseInt(token, 36);
    if (!Number.isSafeInteger(number) || number < 1) return undefined;
    const expected = Buffer.from(this.#token(number));
    const given = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected) ? number : undefined;
  }

  #token(number: number): string {
    if (number === 0) return this.#first;
    const signature = createHmac('sha256', this.#secret).update(`${this.#first} ${number}`).digest('base64url');
    return `${number.toString(36)}.${signature}`;
  }
}
