import { insertLogLines, type LogRow } from '@pipeline/control';
import { expectedFailure, failureOf, type Pool } from '@pipeline/postgres';
import type { Failure, Logger } from '@pipeline/protocol';
import { startLoop } from '@pipeline/resilience';
import { z } from 'zod';
import type { Defects } from './defects.ts';

const FLUSH_MS = 1_000;
const LINES_PER_FLUSH = 1_000;
/** Lines that wait while PostgreSQL is away; later ones are dropped and counted. The output of the process has all of them. */
const WAITING_MAX = 5_000;
const MESSAGE_CHARACTERS_MAX = 4_000;

const id = z.uuid().nullable().catch(null);
const Line = z.looseObject({
  level: z.enum(['debug', 'info', 'warn', 'error']).catch('info'),
  time: z.iso.datetime(),
  service: z.string().catch('unknown'),
  msg: z.string().catch(''),
  cycleId: id.optional(),
  runId: id.optional(),
  taskId: id.optional(),
  stream: z.string().nullable().catch(null).optional(),
});

/** Lines of the log on their way into `pipeline.log_lines`, where pages and command line read them. */
export class LogLines {
  #waiting: LogRow[] = [];
  #dropped = 0;

  /** Lines that no page will show. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a line as the logger writes it. */
  readonly add = (line: string): void => {
    const row = toRow(line);
    if (row === undefined || this.#waiting.length >= WAITING_MAX) this.#dropped += 1;
    else this.#waiting.push(row);
  };

  /** Writes what waits once a second. Returns how that ends, with what is left. */
  keepIn(pool: Pool, { logger, defects }: { logger: Logger; defects: Defects }): () => Promise<void> {
    const loop = startLoop({
      everyMs: FLUSH_MS,
      step: () => this.#flush(pool),
      errors: {
        logger,
        waiting: 'the pages lack lines of the log',
        expected: lostLines,
        onDefect: defects('log-lines'),
      },
    });
    return async () => {
      await loop.stop();
      await this.#flush(pool).catch(() => undefined);
    };
  }

  async #flush(pool: Pool): Promise<void> {
    const rows = this.#waiting.splice(0, LINES_PER_FLUSH);
    if (rows.length === 0) return;
    await insertLogLines(pool, rows).catch((error: unknown) => {
      this.#dropped += rows.length;
      throw error;
    });
  }
}

/** A line that PostgreSQL does not take, as in a database of another encoding, costs the lines that came with it. */
function lostLines(error: unknown): Failure | undefined {
  const failure = failureOf(error);
  return failure.name === 'record_does_not_fit' ? failure : expectedFailure(error);
}

function toRow(text: string): LogRow | undefined {
  try {
    const { level, time, service, msg, cycleId, runId, taskId, stream, ...fields } = Line.parse(JSON.parse(text));
    // PostgreSQL holds no NUL.
    const clean = (value: string) => value.replaceAll('\0', '').slice(0, MESSAGE_CHARACTERS_MAX);
    return {
      ...{ at: time, level, service, message: clean(msg) },
      ...{ cycleId: cycleId ?? null, runId: runId ?? null, taskId: taskId ?? null },
      stream: stream == null ? null : clean(stream),
      fields: JSON.parse(JSON.stringify(fields).replaceAll('\\u0000', '')),
    };
  } catch {
    return undefined;
  }
}
