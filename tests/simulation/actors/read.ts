import { PipelineError } from '@pipeline/protocol';
import type { Bookmark } from '@pipeline/singer';
import type { Extract, ReadContext, Stream } from '../../../libs/tap-kit/src/declaration.ts';
import type { Actor } from '../world/process.ts';
import type { SourceRecord, StreamName } from '../world/source.ts';
import type { Platform } from './platform.ts';

const PAGE = 2;

/** The declarations of the source's streams, as a tap makes them: pages that are read one after the other while the records change. */
export function declare(platform: Platform, actor: Actor, name: StreamName): Stream<null> {
  return {
    name,
    keyProperties: name === 'events' ? [] : ['id'],
    schema: { type: 'object' },
    replication: name === 'lists' ? { method: 'FULL_TABLE' } : { method: 'INCREMENTAL', key: 'change' },
    read: (context) => read(platform, actor, name, context),
  };
}

async function* read(
  platform: Platform,
  actor: Actor,
  stream: StreamName,
  { bookmark, fullRead }: ReadContext<null>,
): AsyncGenerator<Extract> {
  const isWhole = stream === 'lists' || (stream === 'contacts' && fullRead);
  // Deletions are only found by a read of everything. A first read has none to find.
  if (isWhole) yield { type: 'deletes', stream, rule: { kind: 'absent' } };
  if (isWhole && bookmark !== undefined) yield* readWhole(platform, actor, stream);
  else if (stream === 'lists') yield* readWhole(platform, actor, stream);
  else yield* readChanges(platform, actor, stream, bookmark);
}

/** By key, from the first to the last; what changed meanwhile is left to the next read. */
async function* readWhole(platform: Platform, actor: Actor, stream: StreamName): AsyncGenerator<Extract> {
  const begun = platform.source.changes;
  let last = 0;
  for (;;) {
    const page = await fetch(platform, actor, () => platform.source.keysAfter(stream, last, PAGE));
    if (page.length > 0) yield records(stream, page);
    last = page.at(-1)?.id ?? last;
    if (page.length < PAGE) break;
  }
  yield { type: 'checkpoint', bookmark: { change: begun } };
}

/** By change: a record that changes while it is read comes again at the end. */
async function* readChanges(
  platform: Platform,
  actor: Actor,
  stream: StreamName,
  bookmark: Bookmark | undefined,
): AsyncGenerator<Extract> {
  let change = changeOf(bookmark);
  for (;;) {
    const page = await fetch(platform, actor, () => platform.source.changedAfter(stream, change, PAGE));
    if (page.length > 0) yield records(stream, page);
    change = page.at(-1)?.value ?? change;
    yield { type: 'checkpoint', bookmark: { change } };
    if (page.length < PAGE) return;
  }
}

/** The change up to which a bookmark says that everything is read. */
export function changeOf(bookmark: Bookmark | undefined): number {
  const change = bookmark?.['change'];
  return typeof change === 'number' ? change : 0;
}

function records(stream: StreamName, page: SourceRecord[]): Extract {
  return { type: 'records', stream, records: page.map(({ id, value }) => ({ id, value })) };
}

async function fetch({ world, faults }: Platform, actor: Actor, page: () => SourceRecord[]): Promise<SourceRecord[]> {
  await world.turn(actor, 'reads a page');
  if (faults.strikes('sourceError')) throw failure('SOURCE_UNAVAILABLE', {});
  if (faults.strikes('earlyEnd')) throw failure('SOURCE_DAILY_LIMIT', { stopsRun: true });
  if (faults.strikes('shutdown')) throw failure('INTERRUPTED', {});
  return page();
}

function failure(code: string, context: Record<string, boolean>): PipelineError {
  return new PipelineError({ code, recovery: 'retry', message: `the source says ${code}`, context });
}
