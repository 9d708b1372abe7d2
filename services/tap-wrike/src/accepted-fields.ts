import { PipelineError } from '@pipeline/contracts';
import { INVALID_PARAMETER } from './access.ts';

/** The optional fields that this account lets us ask for. What a plan or an older data centre does not know is refused with the
 *  whole request; such a field is left out, and its column stays empty. */
export class AcceptedFields {
  #fields: readonly string[];
  readonly #optional: ReadonlySet<string>;

  /** @param optional of these fields those that the API may refuse. */
  constructor(fields: readonly string[], optional: readonly string[]) {
    this.#fields = fields;
    this.#optional = new Set(optional);
  }

  /** Asks with all fields, and again with fewer as long as the answer names one that may be left out. */
  async ask<Answer>(request: (fields: string) => Promise<Answer>): Promise<Answer> {
    for (;;) {
      try {
        return await request(JSON.stringify(this.#fields));
      } catch (error) {
        const fewer = this.#without(error);
        if (fewer.length === this.#fields.length) throw error;
        this.#fields = fewer;
      }
    }
  }

  /** The named field, or every optional one when the refusal names none. */
  #without(error: unknown): readonly string[] {
    if (!(error instanceof PipelineError) || error.code !== INVALID_PARAMETER) return this.#fields;
    const { message } = error;
    const isNamed = (field: string): boolean => new RegExp(`\\b${field}\\b`).test(message);
    const refused = this.#fields.some(isNamed) ? isNamed : () => /\bfields\b/.test(message);
    return this.#fields.filter((field) => !this.#optional.has(field) || !refused(field));
  }
}
