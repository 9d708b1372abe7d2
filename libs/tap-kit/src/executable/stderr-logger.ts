import type { Writable } from 'node:stream';
import type { Logger } from '@pipeline/protocol';
import type { Redaction } from '@pipeline/service';

/** The log of a Singer executable: `LEVEL text` on standard error, as Singer's tools expect it. */
export interface StderrLogger extends Logger {
  /** The line that the specification asks for before a fatal exit. */
  critical: (text: string) => void;
  /** A `METRIC:` line, which tools that watch taps collect. */
  metric: (point: { type: 'counter' | 'timer'; metric: string; value: number; tags: Record<string, string> }) => void;
}

export function stderrLogger(stream: Writable, redaction: Redaction, bound: object = {}): StderrLogger {
  const write = (level: string, text: string, fields: object = {}) => {
    const pairs = Object.entries({ ...bound, ...fields }).map(
      ([key, value]) => ` ${key}=${fieldText(redaction, key, value)}`,
    );
    stream.write(`${redaction.apply(`${level} ${oneLine(text)}${pairs.join('')}`)}\n`);
  };
  return {
    debug: () => undefined,
    info: (fields, text) => write('INFO', text, fields),
    warn: (fields, text) => write('WARNING', text, fields),
    error: (fields, text) => write('ERROR', text, fields),
    critical: (text) => write('CRITICAL', text),
    metric: (point) => write('INFO', `METRIC: ${JSON.stringify(point)}`),
    child: (fields) => stderrLogger(stream, redaction, { ...bound, ...fields }),
  };
}

function fieldText(redaction: Redaction, key: string, value: unknown): string {
  const shown = redaction.field(key, value);
  return shown instanceof Error ? JSON.stringify(shown.message) : (JSON.stringify(shown) ?? 'undefined');
}

/** Text from outside cannot forge a line of the log. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
