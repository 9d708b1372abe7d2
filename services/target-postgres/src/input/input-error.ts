import { errorMessage, PipelineError } from '@pipeline/protocol';

export function invalidMessage(message: string): PipelineError {
  return new PipelineError({ code: 'SINGER_INVALID_MESSAGE', recovery: 'fail', message });
}

/** An error about the input says which line it is about. */
export function atLine(error: unknown, line: number): unknown {
  const isAboutInput = error instanceof PipelineError && error.code.startsWith('SINGER_');
  if (!isAboutInput || 'line' in error.context) return error;
  const { code, recovery, context } = error;
  return new PipelineError({
    code,
    recovery,
    message: `line ${line}: ${errorMessage(error)}`,
    context: { ...context, line },
    cause: error,
  });
}
