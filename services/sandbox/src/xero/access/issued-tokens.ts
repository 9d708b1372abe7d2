/** The oldest are forgotten: a sandbox may run for weeks. */
const TOKENS_MAX = 10_000;

/** Every token that the token endpoint has sent, oldest first. */
export class IssuedTokens {
  readonly #tokens = new Set<string>();

  /** @param response of the token endpoint */
  note(response: Readonly<Record<string, unknown>>): void {
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      const token = response[name];
      if (typeof token === 'string') this.#tokens.add(token);
    }
    for (const oldest of this.#tokens) {
      if (this.#tokens.size <= TOKENS_MAX) break;
      this.#tokens.delete(oldest);
    }
  }

  list(): string[] {
    return [...this.#tokens];
  }
}
