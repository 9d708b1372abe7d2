import { errorMessage, PipelineError } from '@pipeline/protocol';
import type { Check } from '@pipeline/protocol/api';
import type { Signals, Source } from '../connection/source.ts';
import type { Stream, StreamAccess, Tap } from '../declaration.ts';
import type { HttpPolicy } from '../http-policy.ts';

/** Looks at an account: do its credentials work, whose are they, what may each stream read. Never throws: what is wrong is the result. */
export async function checkAccount<Settings>(
  tap: Pick<Tap<Settings>, 'check' | 'http' | 'streams'>,
  { source, settings, signals }: { source: Source<Settings>; settings: Settings; signals: Signals },
): Promise<Check> {
  const found: Check = { ...emptyCheck(), limits: limitsOf(tap.http(settings)) };
  try {
    const session = await source.connect(signals);
    const account = session.account ?? null;
    found.tokenEndsAt = source.endsAt()?.toISOString() ?? null;
    try {
      const access = (await tap.check?.(session)) ?? [];
      return { ...found, isOk: true, account, streams: access.map(streamOf), scopes: scopesOf(tap.streams, access) };
    } catch (error) {
      return { ...found, account, ...problemOf(error) };
    }
  } catch (error) {
    return { ...found, ...problemOf(error) };
  }
}

/** The result for a connection that could not even be opened. */
export function failedCheck(error: unknown): Check {
  return { ...emptyCheck(), ...problemOf(error) };
}

function emptyCheck(): Check {
  return {
    checkedAt: new Date().toISOString(),
    ...{ isOk: false, account: null, code: null, message: null, remedy: null },
    ...{ scopes: [], streams: [], limits: [], tokenEndsAt: null },
  };
}

function problemOf(error: unknown): Pick<Check, 'isOk' | 'code' | 'message' | 'remedy'> {
  // Messages say what to do after a colon.
  const [message = '', ...remedy] = errorMessage(error).split(': ');
  return {
    isOk: false,
    code: error instanceof PipelineError ? error.code : 'UNEXPECTED',
    message,
    remedy: remedy.length === 0 ? null : remedy.join(': '),
  };
}

function streamOf({ stream, isReadable, reason }: StreamAccess): Check['streams'][number] {
  return { stream, isReadable, reason: reason ?? null, rows: null };
}

/** A scope is granted if a stream that needs it can be read. What no stream was asked for is not known. */
function scopesOf(streams: readonly Pick<Stream<never>, 'name' | 'about'>[], access: StreamAccess[]): Check['scopes'] {
  const readable = new Map(access.map(({ stream, isReadable }) => [stream, isReadable]));
  const granted = new Map<string, boolean>();
  for (const { name, about } of streams) {
    const isReadable = readable.get(name);
    if (isReadable === undefined) continue;
    for (const scope of about?.scopes ?? []) granted.set(scope, granted.get(scope) === true || isReadable);
  }
  return [...granted].map(([scope, isGranted]) => ({ name: scope, isGranted }));
}

function limitsOf({ limits }: HttpPolicy): Check['limits'] {
  return limits.map(({ name, requests }) => ({ name, left: null, of: requests, resetsAt: null }));
}
