import { PipelineError } from '@pipeline/protocol';

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
  const code = stringProperty(error, 'code');
  return {
    type: error.name,
    message: safeMessage(error, code),
    ...(code === undefined ? {} : { code }),
    // Whoever throws a PipelineError says what to do; with anything else, the place is what helps.
    ...(error instanceof PipelineError ? { recovery: error.recovery, context: error.context } : stackOf(error)),
    ...(error.cause === undefined || depth >= CAUSES_MAX ? {} : { cause: errorFields(error.cause, depth + 1) }),
  };
}

/** PostgreSQL quotes the offending value in the message of a data error (class 22) or constraint error (23); Node leaves
 *  the message of an AggregateError empty. */
function safeMessage(error: Error, code: string | undefined): string {
  if (code !== undefined && /^2[23][0-9A-Z]{3}$/.test(code)) {
    const where = ['schema', 'table', 'column', 'constraint'].flatMap((key) => {
      const value = stringProperty(error, key);
      return value === undefined ? [] : [`${key} ${value}`];
    });
    return [`PostgreSQL refused a value with SQLSTATE ${code}`, ...where].join(', ');
  }
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

function stringProperty(error: Error, key: string): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : undefined;
}
