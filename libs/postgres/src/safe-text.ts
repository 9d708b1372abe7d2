import { PipelineError } from '@pipeline/protocol';
import { sqlstate } from './sqlstate.ts';

const TEXT_CHARS_MAX = 500;
/** Their messages quote the text that could not be read. */
const QUOTING = new Set(['SyntaxError']);

/** What may be told of anything thrown: a driver's message without the value that it quotes, and the first line of any other. */
export function safeText(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is not an Error was thrown';
  if (error instanceof PipelineError) return error.message;
  if (error instanceof AggregateError && error.message === '') return error.errors.map(safeText).join('; ');
  const state = sqlstate(error);
  if (state === undefined) return `${error.name}: ${oneLine(error)}`;
  return refusedValueText(error) ?? `${oneLine(error)} (${placeOf(error, state)})`;
}

/** What may be told of a data error (class 22) or constraint error (23): PostgreSQL quotes the offending value in its message. Undefined for any other
 *  error. */
export function refusedValueText(error: Error): string | undefined {
  const state = sqlstate(error);
  return state === undefined || !/^2[23]/.test(state) ? undefined : `a value was refused (${placeOf(error, state)})`;
}

function placeOf(error: Error, state: string): string {
  const places = ['schema', 'table', 'column', 'constraint'].flatMap((key) => {
    const value = property(error, key);
    return value === undefined ? [] : [`${key} ${value}`];
  });
  return [`SQLSTATE ${state}`, ...places].join(', ');
}

function oneLine({ name, message }: Error): string {
  if (QUOTING.has(name)) return 'its message may quote a record';
  const line = message.split('\n', 1)[0] ?? '';
  return line.slice(0, TEXT_CHARS_MAX);
}

function property(error: Error, key: string): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : undefined;
}
