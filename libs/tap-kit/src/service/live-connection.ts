import { pipelineName } from '@pipeline/protocol';
import { within } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import { AccountCatalog } from '../catalog/account-catalog.ts';
import { openSource, type Signals, type Source, type SourceDeps } from '../connection/source.ts';
import type { Tap } from '../declaration.ts';
import { selectedTasks } from './registration.ts';
import type { ConnectionSettings } from './saved-connection.ts';
import { keepUp } from './upkeep.ts';

/** Longest wait for the account's own streams before the others are registered without them. */
const DISCOVERY_WAIT_MS = 10_000;

/** A connection that this replica serves. */
export interface LiveConnection<Settings> {
  name: string;
  pipeline: string;
  revision: number;
  settings: Settings;
  source: Source<Settings>;
  catalog: AccountCatalog<Settings>;
  /** Work with it begins. Returns the function that ends it. */
  enter: () => () => void;
  /** It is not to be used any more: its sockets are closed when the last work with it has ended. */
  retire: () => void;
}

export interface OpenDeps extends SourceDeps {
  signals: Signals;
  defects: Defects;
  discoveryIntervalSeconds: number;
  /** Is told when the access ends if it is not used. */
  onAccessEnd: (endsAt: Date) => Promise<void>;
}

/** Opens a connection: its limits, credentials and streams. @throws PipelineError with what the operator has to mend. */
export async function openConnection<Settings>(
  tap: Tap<Settings>,
  { name, revision }: { name: string; revision: number },
  { settings, select }: ConnectionSettings<Settings>,
  deps: OpenDeps,
): Promise<LiveConnection<Settings>> {
  const { logger, signals, defects, discoveryIntervalSeconds: intervalSeconds, onAccessEnd } = deps;
  const catalog = new AccountCatalog(tap, { select, intervalSeconds, logger });
  const source = openSource(tap, settings, deps);
  // A source that does not respond in time is asked again later: its other streams are registered meanwhile.
  if (catalog.isDue(Date.now())) {
    await within(
      catalog.refresh(() => source.connect(signals), Date.now()),
      DISCOVERY_WAIT_MS,
      undefined,
    );
  }
  logger.info({ selected: selectedTasks(catalog).map((task) => task.name) }, 'catalog and selection applied');
  const upkeep = keepUp({ catalog, source, signals, onAccessEnd, logger, defects });
  let working = 0;
  let isRetired = false;
  const closeIfOver = () => {
    if (isRetired && working === 0) source.close();
  };
  return {
    ...{ name, revision, settings, source, catalog, pipeline: pipelineName(name) },
    enter: () => {
      working += 1;
      return () => {
        working -= 1;
        closeIfOver();
      };
    },
    retire: () => {
      if (isRetired) return;
      isRetired = true;
      void upkeep.stop();
      closeIfOver();
    },
  };
}
