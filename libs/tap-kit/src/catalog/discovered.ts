import type { DiscoverContext, Stream } from '../declaration.ts';

/** The stream with the schema that this account has. */
export async function discovered<Settings>(
  stream: Stream<Settings>,
  { settings, http, cached }: DiscoverContext<Settings>,
): Promise<Stream<Settings>> {
  if (stream.discover === undefined) return stream;
  return { ...stream, schema: await stream.discover({ settings, http, cached }) };
}
