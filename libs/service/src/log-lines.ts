import { insertLogLines, type LogRow } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { z } from 'zod';

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
  keepIn(pool: Pool): () => Promise<void> {
    let flushing: Promise<void> = Promise.resolve();
    const timer = setInterval(() => {
      flushing = flushing.then(() => this.#flush(pool));
    }, FLUSH_MS);
    return async () => {
      clearInterval(timer);
      await flushing;
      await this.#flush(pool);
    };
  }

  async #flush(pool: Pool): Promise<void> {
    const rows = this.#waiting.splice(0, LINES_PER_FLUSH);
    if (rows.length === 0) return;
    try {
      await insertLogLines(pool, rows);
    } catch {
      // Logged it would come back here.
      this.#dropped += rows.length;
    }
  }
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
