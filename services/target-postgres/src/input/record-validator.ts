import { PipelineError } from '@pipeline/protocol';
import type { SchemaMessage } from '@pipeline/singer';
import { Ajv } from 'ajv';

/** Schemas of taps give `multipleOf: 1e-20`, which no double is. */
const MULTIPLE_OF_DIGITS = 8;

/** Why a record breaks its schema, without the value. */
export interface Invalid {
  column: string | null;
  reason: string;
}

/** Checks records against the JSON schema of their stream: `validate_records`. Formats are left to the types of the columns. */
export class RecordValidator {
  readonly #validate: ReturnType<Ajv['compile']>;

  /** @throws PipelineError `SCHEMA_INVALID` for a schema that cannot be compiled. */
  constructor({ stream, schema }: SchemaMessage) {
    const ajv = new Ajv({
      strict: false,
      validateFormats: false,
      multipleOfPrecision: MULTIPLE_OF_DIGITS,
      logger: false,
    });
    try {
      // The meta-schemas that taps name are not at hand, and their keywords are.
      this.#validate = ajv.compile(JSON.parse(JSON.stringify({ ...schema, $schema: undefined })));
    } catch (cause) {
      throw new PipelineError({
        code: 'SCHEMA_INVALID',
        recovery: 'fix-config',
        message: `stream ${stream}: its schema cannot be used to validate records: correct it in the tap, or set "validate_records" to false`,
        context: { stream },
        cause,
      });
    }
  }

  /** Undefined when the record is as the schema says. */
  check(record: unknown): Invalid | undefined {
    if (this.#validate(record)) return undefined;
    const [error] = this.#validate.errors ?? [];
    const [, property] = error?.instancePath.split('/') ?? [];
    const column = property?.replaceAll('~1', '/').replaceAll('~0', '~') ?? missingProperty(error?.params) ?? null;
    return { column, reason: `the record breaks the schema: ${error?.schemaPath ?? '#'}` };
  }
}

function missingProperty(params: Record<string, unknown> | undefined): string | undefined {
  const property = params?.['missingProperty'];
  return typeof property === 'string' ? property : undefined;
}
