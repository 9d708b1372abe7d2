import { cancelRun, refreshStream, resetState } from '@pipeline/control';
import { isTransient } from '@pipeline/postgres';
import { PipelineError } from '@pipeline/protocol';
import { TaskMoved } from '../../../libs/control/src/task/live-task.ts';
import { type Actor, Process } from '../world/process.ts';
import { PIPELINE, type Platform } from './platform.ts';

const PAUSE_MS_MAX = 8_000;

/** An operator who changes bookmarks and cancels runs, whatever is under way. Not of `events`: read again they would be there twice, as the operator
 *  would have wanted it. */
export function operator(platform: Platform): Process {
  return new Process('operator', (process) =>
    platform.world.spawn(process, 'commands', (actor) => command(platform, actor)),
  );
}

async function command(platform: Platform, actor: Actor): Promise<void> {
  const { world, faults } = platform;
  while (faults.isOn) {
    await world.sleep(actor, PAUSE_MS_MAX * world.random.next());
    if (!faults.strikes('operatorCommand')) continue;
    try {
      await choose(platform, actor);
    } catch (error) {
      if (!(error instanceof PipelineError || error instanceof TaskMoved || isTransient(error))) throw error;
      world.note(actor, `is refused: ${error instanceof Error ? error.message : ''}`);
    }
  }
}

async function choose({ world, database }: Platform, actor: Actor): Promise<void> {
  const pool = database.pool(actor);
  const stream = world.random.pick(['contacts', 'lists']);
  const subject = { pipeline: PIPELINE, stream, actor: actor.name };
  const run = database.tables.runs.committed().at(-1);
  const chosen = world.random.next();
  world.note(actor, `has a command for ${stream}`);
  if (chosen < 0.4) await resetState(pool, subject);
  else if (chosen < 0.8 || run === undefined) await refreshStream(pool, subject, { massDeletes: true });
  else await cancelRun(pool, { runId: run.id, actor: actor.name });
}
