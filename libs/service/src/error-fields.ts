import { refusedValueText } from '@pipeline/postgres';
import { errorCode, PipelineError } from '@pipeline/protocol';

const CAUSES_MAX = 5;
const STACK_LINES_MAX = 12;

export interface ErrorFields {
  type: string;
  message: string;
  code?: string;
  recovery?: string;
  context?: object;
  stack?: string;
  cause?: ErrorFields;
}

/** What a log may say of an error. A whitelist: errors of drivers carry requests, headers and rows in other properties
 *  (`detail` and `where` of PostgreSQL, `config` and `response` of axios). */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is not an Error was thrown' };
  const code = errorCode(error);
  return {
    type: error.name,
    message: refusedValueText(error) ?? messageOf(error),
    ...(code === undefined ? {} : { code }),
    // Whoever throws a PipelineError says what to do; with anything else, the place is what helps.
    ...(error instanceof PipelineError ? { recovery: error.recovery, context: error.context } : stackOf(error)),
    ...(error.cause === undefined || depth >= CAUSES_MAX ? {} : { cause: errorFields(error.cause, depth + 1) }),
  };
}

/** Node leaves the message of an AggregateError empty. */
function messageOf(error: Error): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map((inner) => (inner instanceof Error ? inner.message : 'unknown')).join('; ');
  }
  return error.message;
}

/** The frames only: the first line of a stack repeats the message. */
function stackOf(error: Error): { stack?: string } {
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return frames.length === 0 ? {} : { stack: frames.slice(0, STACK_LINES_MAX).join('\n') };
}
