/** What the one who catches an error does: try again, leave this item out, fail the unit of work, or stop until an operator has changed the configuration. */
export type Recovery = 'retry' | 'skip' | 'fail' | 'fix-config';

export interface PipelineErrorOptions {
  /** Stable, upper case, documented: `SOURCE_UNAUTHORISED`. */
  code: string;
  recovery: Recovery;
  /** What happened, to which stream, table or id, and what the operator can do. Never a secret, a record value or a response body. */
  message: string;
  context?: Record<string, string | number | boolean | null>;
  cause?: unknown;
}

/** The one error class of the platform. Catch sites branch on `recovery`. */
export class PipelineError extends Error {
  readonly code: string;
  readonly recovery: Recovery;
  readonly context: Record<string, string | number | boolean | null>;

  constructor(options: PipelineErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PipelineError';
    this.code = options.code;
    this.recovery = options.recovery;
    this.context = options.context ?? {};
  }
}

/** The text of anything thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code that anything thrown carries as text: an SQLSTATE, `ECONNREFUSED`, that of a {@link PipelineError}. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether an error says that the code is wrong: what network, servers and drivers throw are other classes, or errors with a code. */
export function isMistake(error: unknown): boolean {
  if (typeof error === 'object' && error !== null && 'code' in error) return false;
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((mistake) => error instanceof mistake);
}
