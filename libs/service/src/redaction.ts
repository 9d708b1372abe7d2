const MASK = '[redacted]';
const SECRET_KEY = /authorization|token|secret|password|passwd|cookie|credential|api_?-?key|private_?-?key/i;
/** Credentials inside an address: `amqp://user:password@host`. */
const URL_CREDENTIALS = /([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"]{1,512}@/gi;
/** A shorter secret is masked only where it stands alone: `postgres` as a password must not turn
 *  `pipeline_xero_to_postgres` into a riddle. */
const ANYWHERE_LENGTH_MIN = 12;

/** Whether a field of this name may hold a secret: `authorization`, `refresh_token`, `DB_PASSWORD`. */
function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

/** Masks the values of secrets wherever they turn up in a text, also as JSON, a URL or base64 spells them. */
export class Redaction {
  #pattern: RegExp | undefined;
  readonly #spellings = new Set<string>();

  add(...secrets: string[]): void {
    for (const secret of secrets) {
      if (secret === '') continue;
      for (const spelling of spellingsOf(secret)) this.#spellings.add(spelling);
    }
    // Longest first, so that a secret that contains another is masked whole.
    const patterns = [...this.#spellings].sort((a, b) => b.length - a.length).map(toPattern);
    this.#pattern = patterns.length === 0 ? undefined : new RegExp(patterns.join('|'), 'g');
  }

  apply(text: string): string {
    const masked = text.replace(URL_CREDENTIALS, `$1${MASK}@`);
    return this.#pattern === undefined ? masked : masked.replace(this.#pattern, MASK);
  }

  /** The value of a field, by its name. */
  field(key: string, value: unknown): unknown {
    return isSecretKey(key) && value !== null && value !== undefined ? MASK : value;
  }
}

function spellingsOf(secret: string): string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    Buffer.from(secret).toString('base64'),
  ];
}

function toPattern(spelling: string): string {
  const escaped = spelling.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return spelling.length >= ANYWHERE_LENGTH_MIN ? escaped : `(?<![A-Za-z0-9_])${escaped}(?![A-Za-z0-9_])`;
}
