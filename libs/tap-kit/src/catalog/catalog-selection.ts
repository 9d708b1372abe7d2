import { PipelineError } from '@pipeline/protocol';
import { type Catalog, type CatalogEntry, type JsonObject, parseJson } from '@pipeline/singer';
import { z } from 'zod';
import { type Selection, unknownStreams } from './selection.ts';

/** What a catalog file must hold for its selection to be read; the schemas in it are the tap's own. */
const CatalogFile = z.object({
  streams: z.array(
    z.object({
      tap_stream_id: z.string().optional(),
      stream: z.string(),
      schema: z.record(z.string(), z.unknown()).default({}),
      metadata: z
        .array(z.object({ breadcrumb: z.array(z.string()), metadata: z.record(z.string(), z.unknown()) }))
        .default([]),
    }),
  ),
});
type Entry = z.infer<typeof CatalogFile>['streams'][number];

/** Reads the selection of a catalog as `--discover` printed it and a user or Meltano changed it. `automatic` is always sent, `unsupported`
 *  never; else `selected` decides (also as text, as older tools write it), else `selected-by-default`, else the field's parent.
 *  Streams that the catalog leaves out are not selected.
 *  @param options.isOpen an account has streams of its own: those that are not known are no error, and listed as such
 *  @throws PipelineError `CATALOG_INVALID`, `UNKNOWN_STREAM` */
export function selectFromCatalog(
  text: string,
  discovered: Catalog,
  { isOpen = false }: { isOpen?: boolean } = {},
): Selection {
  const entries = new Map(parseCatalog(text).map((entry) => [entry.tap_stream_id ?? entry.stream, entry]));
  const known = discovered.streams.map((stream) => stream.tap_stream_id);
  const selected = [...entries].filter(([, entry]) => isStreamSelected(entry)).map(([name]) => name);
  const unknown = selected.filter((name) => !known.includes(name));
  if (unknown.length > 0 && !isOpen) throw unknownStreams(unknown, known);
  return {
    isSelected: (stream) => selected.includes(stream),
    fields: (stream) => {
      const entry = entries.get(stream.shape.name);
      const own = discovered.streams.find((candidate) => candidate.tap_stream_id === stream.shape.name);
      return entry === undefined || own === undefined ? undefined : fieldSelection(entry, own);
    },
    unknown,
  };
}

function parseCatalog(text: string): Entry[] {
  try {
    return CatalogFile.parse(parseJson(text)).streams;
  } catch (cause) {
    throw new PipelineError({
      code: 'CATALOG_INVALID',
      recovery: 'fix-config',
      message: 'the catalog is not what --discover prints: a JSON object with "streams"',
      cause,
    });
  }
}

function isStreamSelected(entry: Entry): boolean {
  const { metadata = {} } = entry.metadata.find((item) => item.breadcrumb.length === 0) ?? {};
  return flag(metadata['selected']) ?? flag(entry.schema['selected']) ?? flag(metadata['selected-by-default']) ?? false;
}

/** What the tap itself marks as automatic stays so, whatever the file says: a row without its key is of no use. */
function fieldSelection(entry: Entry, own: CatalogEntry): (breadcrumb: string[]) => boolean {
  const chosen = byBreadcrumb(entry.metadata);
  const declared = byBreadcrumb(own.metadata);
  return (breadcrumb) => {
    const key = breadcrumb.join('\0');
    const metadata = chosen.get(key) ?? {};
    if (declared.get(key)?.['inclusion'] === 'automatic' || metadata['inclusion'] === 'automatic') return true;
    if (metadata['inclusion'] === 'unsupported') return false;
    // A parent that is not selected has been dropped with everything below it, so here the parent's value is true.
    return flag(metadata['selected']) ?? flag(metadata['selected-by-default']) ?? true;
  };
}

function byBreadcrumb(
  metadata: { breadcrumb: string[]; metadata: Record<string, unknown> | JsonObject }[],
): Map<string, Record<string, unknown>> {
  return new Map(metadata.map((item) => [item.breadcrumb.join('\0'), item.metadata]));
}

function flag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : undefined;
}
