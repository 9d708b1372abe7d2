import { type Claim, claimTask, failTask, finishExtraction, releaseTask, renewLease } from '@pipeline/control';
import { isTransient } from '@pipeline/postgres';
import { PipelineError, RunCommand } from '@pipeline/protocol';
import type { HttpClient } from '../../../libs/tap-kit/src/http-policy.ts';
import { planRead } from '../../../libs/tap-kit/src/read/full-read.ts';
import { extractTask } from '../../../libs/tap-kit/src/service/extract-task.ts';
import { type Actor, Process } from '../world/process.ts';
import { STREAMS } from '../world/source.ts';
import { standIn } from '../world/stand-in.ts';
import { COMMANDS, LEASE_MS, type Platform, patiently } from './platform.ts';
import { declare } from './read.ts';
import { Sender } from './sender.ts';

const FULL_READ_INTERVAL_SECONDS = 120;

/** A tap: takes a command, claims its task, reads and publishes it, and holds the lease meanwhile. */
export function tap(platform: Platform, name: string): Process {
  return new Process(name, (process) => platform.world.spawn(process, 'commands', (actor) => consume(platform, actor)));
}

async function consume(platform: Platform, actor: Actor): Promise<void> {
  const { world, broker, database } = platform;
  for (;;) {
    const delivery = await broker.take(actor, COMMANDS);
    const { taskId } = RunCommand.parse(delivery.message.body);
    const pool = database.pool(actor);
    const claim = await patiently(world, actor, () =>
      claimTask(pool, { taskId, claimedBy: actor.name, leaseMs: LEASE_MS }),
    );
    await broker.ack(actor, delivery);
    if (claim === undefined) continue;
    world.note(actor, `has claimed ${claim.stream} as attempt ${claim.epoch}`);
    await runAttempt(platform, actor, claim);
  }
}

async function runAttempt(platform: Platform, actor: Actor, claim: Claim): Promise<void> {
  const { world, database } = platform;
  const cut = new AbortController();
  const pool = database.pool(actor);
  const { epoch } = claim;
  world.spawn(actor.process, `lease ${epoch}`, (holder) => keepLease(platform, holder, epoch, cut));
  try {
    await extract(platform, actor, claim, cut.signal);
    await patiently(world, actor, () => finishExtraction(pool, epoch));
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    world.note(actor, `attempt ${epoch} ends: ${error.code}`);
    if (error.code === 'INTERRUPTED') await patiently(world, actor, () => releaseTask(pool, epoch));
    else if (error.code !== 'LEASE_LOST') {
      if (platform.isOff('a new attempt has a new epoch')) return runAttempt(platform, actor, claim);
      const retry = error.recovery === 'retry';
      await patiently(world, actor, () => failTask(pool, epoch, { error, retry }));
    }
  } finally {
    cut.abort(over());
  }
}

/** The production reader, over pages of the simulated source. */
async function extract(platform: Platform, actor: Actor, claim: Claim, signal: AbortSignal): Promise<void> {
  const stream = STREAMS.find((name) => name === claim.stream);
  if (stream === undefined) throw new RangeError(`the source has no stream ${claim.stream}`);
  const task = declare(platform, actor, stream);
  const progress = planRead(task, claim, FULL_READ_INTERVAL_SECONDS);
  const sender = new Sender(platform, actor, claim, stream, signal);
  await extractTask(
    {
      ...{ task, claim, sender, settings: null, http: standIn<HttpClient>({}) },
      cached: (_key, _ttlMs, load) => load(),
      selection: { isSelected: () => true, fields: () => undefined, unknown: [] },
      signals: { stop: signal, abort: signal },
    },
    progress,
  );
}

async function keepLease(
  { world, database }: Platform,
  actor: Actor,
  epoch: number,
  cut: AbortController,
): Promise<void> {
  const pool = database.pool(actor);
  let renewedAt = world.now;
  while (!cut.signal.aborted) {
    await world.until(actor, `renews the lease of ${epoch}`, () => cut.signal.aborted, world.now + LEASE_MS / 4);
    if (cut.signal.aborted) return;
    const askedAt = world.now;
    const isMine = await renewLease(pool, epoch, LEASE_MS).catch((error: unknown) => {
      if (!isTransient(error)) throw error;
      return undefined;
    });
    if (isMine === true) renewedAt = askedAt;
    if (isMine === false || world.now - renewedAt >= LEASE_MS) return cut.abort(leaseLost(epoch));
  }
}

function leaseLost(epoch: number): PipelineError {
  return new PipelineError({ code: 'LEASE_LOST', recovery: 'retry', message: `attempt ${epoch} has lost its lease` });
}

function over(): PipelineError {
  return new PipelineError({ code: 'ATTEMPT_OVER', recovery: 'fail', message: 'the attempt is over' });
}
