import { PipelineError } from '@pipeline/protocol';
import { discovered } from '../catalog/discovered.ts';
import { selectedStreams } from '../catalog/selection.ts';
import type { RequestWatch, Session, Signals } from '../connection/source.ts';
import type { Stream } from '../declaration.ts';
import { endsEarly } from '../http/failure.ts';
import type { LiveConnection } from './live-connection.ts';

type Connection<Settings> = Pick<LiveConnection<Settings>, 'source' | 'catalog'>;

/** What a task is read with. */
interface OpenTask<Settings> {
  session: Session<Settings>;
  /** With the schema that this account has. */
  task: Stream<Settings>;
}

/** The source cannot be asked now, yet nothing is wrong. */
interface NotNow<Settings> {
  /** As it is known without asking. */
  declared: Stream<Settings>;
  endedBy: PipelineError;
}

/** Proves the credentials and asks for the schema of a stream. A limit that is used up for hours is met here as well as in the middle of a read, and
 *  is no failure here either.
 *  @throws PipelineError with the source's reason, or `UNKNOWN_STREAM` */
export async function openTask<Settings>(
  { source, catalog }: Connection<Settings>,
  name: string,
  { signals, watch }: { signals: Signals; watch: RequestWatch },
): Promise<OpenTask<Settings> | NotNow<Settings>> {
  const known = catalog.find(name);
  try {
    const session = await source.connect(signals, watch);
    return { session, task: await discovered(await declaredStream(name, session, catalog), session) };
  } catch (error) {
    if (known === undefined || !endsEarly(error) || !(error instanceof PipelineError)) throw error;
    if (selectedStreams(known, catalog.selection).length === 0) throw notSelected(name);
    return { declared: known, endedBy: error };
  }
}

/** The stream as it is declared, or as this account has it. */
async function declaredStream<Settings>(
  name: string,
  session: Session<Settings>,
  catalog: Connection<Settings>['catalog'],
): Promise<Stream<Settings>> {
  if (catalog.find(name) === undefined) await catalog.refresh(() => Promise.resolve(session), Date.now());
  const stream = catalog.find(name);
  // Nobody knows whether the account still has it.
  if (stream === undefined && catalog.failure !== undefined) throw catalog.failure;
  if (stream === undefined || selectedStreams(stream, catalog.selection).length === 0) throw notSelected(name);
  return stream;
}

function notSelected(stream: string): PipelineError {
  return new PipelineError({
    code: 'UNKNOWN_STREAM',
    recovery: 'fix-config',
    message: `the tap no longer reads ${stream}: it is not in the catalog, or \`select\` in config.yml leaves it out`,
  });
}
