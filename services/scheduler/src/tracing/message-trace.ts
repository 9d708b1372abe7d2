import { cycleOfRun, type OutboxMessage } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { cycleTrace, formatTraceparent, runTrace } from '@pipeline/protocol';
import type { Tracing } from '@pipeline/service';
import { z } from 'zod';

const Subject = z.object({ cycleId: z.uuid().nullish(), runId: z.uuid().optional() });
/** Runs whose cycle is remembered: those of the messages in hand. */
const KEPT_MAX = 100;

/** Reads from what a message is about which span it is sent for. Undefined: none, or nothing is traced. */
export function messageTrace(pool: Pool, tracing: Tracing): (message: OutboxMessage) => Promise<string | undefined> {
  const cycles = new Map<string, string | undefined>();
  const cycleOf = async (runId: string) => {
    if (!cycles.has(runId)) {
      if (cycles.size >= KEPT_MAX) cycles.clear();
      cycles.set(runId, await cycleOfRun(pool, runId));
    }
    return cycles.get(runId);
  };
  return async ({ body }) => {
    if (!tracing.isOn) return undefined;
    const { cycleId, runId } = Subject.safeParse(JSON.parse(body)).data ?? {};
    const cycle = cycleId ?? (runId === undefined ? undefined : await cycleOf(runId));
    if (cycle === undefined) return undefined;
    return formatTraceparent(runId === undefined ? cycleTrace(cycle) : runTrace(cycle, runId));
  };
}
