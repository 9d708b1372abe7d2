import { operate, refusal, removeConnection } from '@pipeline/control';
import { type ConfigurationChange, type Connection, NewConnection } from '@pipeline/protocol/api';
import { addChannel, alterChannel, type ChannelDeps, dropChannel } from '../alerts/channels.ts';
import { RequestError } from '../api/http/errors.ts';
import { changeConnection, createConnection, type SaveDeps } from '../connections/save.ts';
import type { LiveSettings } from '../settings.ts';
import type { Current } from './current.ts';
import type { Document, DocumentedConnection } from './document.ts';

type ApplyDeps = SaveDeps & ChannelDeps & { settings: LiveSettings };
type Secrets = Record<string, string>;

/** Makes what there is equal to the document. What cannot be done is found before anything is changed: a variable that is not set, a connection that
 *  variables would have to make. @throws RequestError, PipelineError */
export async function applyDocument(
  deps: ApplyDeps,
  { document, current, changes }: { document: Document; current: Current; changes: ConfigurationChange[] },
  actor: string,
): Promise<void> {
  const steps = changes.map((change) => stepOf(deps, change, { document, current }, actor));
  for (const step of steps) await step();
}

/** What one change does, once everything it needs is there. */
function stepOf(
  deps: ApplyDeps,
  { kind, name, action }: ConfigurationChange,
  { document, current }: { document: Document; current: Current },
  actor: string,
): () => Promise<unknown> {
  switch (kind) {
    case 'setting': {
      const value = document.settings[name] ?? null;
      deps.settings.check(name, value);
      return () => deps.settings.set(name, value, actor);
    }
    case 'alert-channel':
      return channelStep(deps, name, { document, current }, actor);
    case 'connection': {
      const existing = current.connections.find((connection) => connection.name === name);
      if (action === 'remove') return () => remove(deps, name, actor);
      const wanted = document.connections[name];
      return wanted === undefined ? async () => undefined : connectionStep(deps, { name, wanted, existing }, actor);
    }
  }
}

function connectionStep(
  deps: ApplyDeps,
  { name, wanted, existing }: { name: string; wanted: DocumentedConnection; existing: Connection | undefined },
  actor: string,
): () => Promise<unknown> {
  const isByVariables = wanted.madeBy === 'variables';
  if (isByVariables !== (existing?.origin === 'environment') && (isByVariables || existing !== undefined)) {
    const message = isByVariables
      ? `${name} is made by variables: set those of ${wanted.source} and start its tap before this is applied`
      : `${name} is made by variables here: say "madeBy: variables", and leave streams and schema to its config.yml`;
    throw refusal('CONNECTION_IS_ENVIRONMENTS', message);
  }
  const { source, settings, schedule } = wanted;
  const own =
    wanted.madeBy === 'variables' ? {} : { selection: wanted.selection, targetSchema: wanted.targetSchema ?? name };
  const rest = { ...own, ...(schedule === undefined ? {} : { schedule }) };
  const isHeld = (secret: string) => existing?.secrets.some((held) => held.name === secret) ?? false;
  const secrets = secretsOf(wanted, isHeld);
  if (existing === undefined)
    return () => createConnection(deps, NewConnection.parse({ name, source, settings, secrets, ...rest }), actor);
  const locked = new Set(existing.locked.map(({ setting }) => setting));
  const gone = (held: string[], kept: object) =>
    Object.fromEntries(
      held.filter((each) => !locked.has(each) && !Object.hasOwn(kept, each)).map((each) => [each, null]),
    );
  const change = {
    ...rest,
    settings: { ...settings, ...gone(Object.keys(existing.settings), settings) },
    secrets: {
      ...secrets,
      ...gone(
        existing.secrets.map((held) => held.name),
        wanted.secrets,
      ),
    },
  };
  return () => changeConnection(deps, name, { ...change, dropTables: [], revision: existing.revision }, actor);
}

/** A secret that is held already stays when its variable is not set. */
function secretsOf({ secrets }: DocumentedConnection, isHeld: (secret: string) => boolean): Secrets {
  const given: Secrets = {};
  for (const [secret, { env }] of Object.entries(secrets)) {
    const value = variableOf(env);
    if (value !== undefined) given[secret] = value;
    else if (!isHeld(secret)) throw notSet(env);
  }
  return given;
}

function channelStep(
  deps: ApplyDeps,
  name: string,
  { document, current }: { document: Document; current: Current },
  actor: string,
): () => Promise<unknown> {
  const existing = current.channels.find((channel) => channel.name === name);
  const wanted = document.alerts[name];
  if (wanted === undefined) return async () => existing && dropChannel(deps, existing.id, actor);
  const { target: reference, ...draft } = wanted;
  const target = variableOf(reference.env);
  if (existing !== undefined) return () => alterChannel(deps, existing.id, { ...draft, target }, actor);
  if (target === undefined) throw notSet(reference.env);
  return () => addChannel(deps, { name, ...draft, target }, actor);
}

function remove(deps: ApplyDeps, name: string, actor: string): Promise<unknown> {
  return operate(deps.pool, { actor, action: 'remove-connection', target: name, details: { by: 'apply' } }, (client) =>
    removeConnection(client, name),
  );
}

function variableOf(variable: string): string | undefined {
  const value = process.env[variable];
  return value === '' ? undefined : value;
}

const notSet = (variable: string) =>
  new RequestError({
    status: 400,
    code: 'VARIABLE_MISSING',
    message: `the scheduler's environment has no ${variable}`,
  });
