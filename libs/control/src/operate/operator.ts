import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { PipelineError } from '@pipeline/protocol';
import { TaskMoved } from '../task/live-task.ts';
import { recordAudit } from './audit.ts';

/** Times that a claim may come between an operator's look at a task and its lock. */
const TRIES_MAX = 5;

/** What stands in `audit_log` of a command. */
export interface OperatorCommand {
  actor: string;
  /** Imperative: `set-state`. */
  action: string;
  target: string;
  details: object;
}

/** Carries out an operator's command and records it in `audit_log`, both or neither. A command that met a claim is repeated. */
export async function operate<T>(
  pool: Pool,
  command: OperatorCommand,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransaction(pool, async (client) => {
        const result = await work(client);
        await recordAudit(client, command);
        return result;
      });
    } catch (error) {
      if (!(error instanceof TaskMoved) || tries >= TRIES_MAX) throw error;
    }
  }
}

/** A command that cannot be carried out. Codes that begin with `UNKNOWN_` name something that does not exist. */
export function refusal(code: string, message: string): PipelineError {
  return new PipelineError({ code, recovery: 'fail', message });
}
