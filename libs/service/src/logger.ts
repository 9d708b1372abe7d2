import type { Logger } from '@pipeline/protocol';
import { destination, pino, stdTimeFunctions } from 'pino';
import { errorFields } from './error-fields.ts';
import { prettyLine } from './pretty-line.ts';
import type { Redaction } from './redaction.ts';

export interface LoggerOptions {
  /** The service: a field of every line. */
  name: string;
  level: 'debug' | 'info' | 'warn' | 'error';
  /** @default pretty when the output is a terminal, else json. */
  format?: 'json' | 'pretty' | undefined;
  /** Taps as Singer executables write messages on standard output, so their log goes to standard error. @default stdout */
  output?: 'stdout' | 'stderr';
  redaction: Redaction;
  /** Takes every line too, as JSON, without secrets. */
  onLine?: ((line: string) => void) | undefined;
}

const DEPTH_MAX = 6;
const FILE_DESCRIPTORS = { stdout: 1, stderr: 2 };

/** A logger that writes one event a line at once, so that nothing is lost when the process ends. */
export function createLogger({ name, level, format, output = 'stdout', redaction, onLine }: LoggerOptions): Logger {
  const pretty = format === undefined ? process[output].isTTY === true : format === 'pretty';
  const clean = (fields: object): Record<string, unknown> => cleanFields(fields, redaction, 0);
  return pino(
    {
      level,
      base: { service: name },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: clean, bindings: clean },
      // pino would take a plain object with a message for an Error and rename its type.
      serializers: { err: (value: unknown) => value },
      hooks: {
        streamWrite: (line) => {
          onLine?.(redaction.apply(line));
          return redaction.apply(pretty ? prettyLine(line) : line);
        },
      },
    },
    destination({ dest: FILE_DESCRIPTORS[output], sync: true }),
  );
}

function cleanFields(fields: object, redaction: Redaction, depth: number): Record<string, unknown> {
  if (fields instanceof Error) return { err: errorFields(fields) };
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, cleanValue(redaction.field(key, value), redaction, depth + 1)]),
  );
}

function cleanValue(value: unknown, redaction: Redaction, depth: number): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return errorFields(value);
  if (value instanceof Date) return value;
  if (depth >= DEPTH_MAX) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, redaction, depth + 1));
  return cleanFields(value, redaction, depth);
}
