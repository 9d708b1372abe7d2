import { failureOf } from '@pipeline/postgres';
import { codeOfReason } from '@pipeline/protocol';

/** Why an attempt or a task ends. */
export interface EndReason {
  /** What a person reads. */
  text: string;
  /** SQLSTATE, or the code of the error. */
  code: string | null;
}

/** The reason that an error is, with the code that it carries. A text says its own, as the manifest of an attempt does: `SOURCE_REFUSED: …`. */
export function reasonOfError(error: unknown): EndReason {
  if (typeof error === 'string') return { text: error, code: codeOfReason(error) };
  return { text: error instanceof Error ? error.message : String(error), code: failureOf(error).code };
}
