import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stream, StreamShape } from '@pipeline/tap-kit';
import type { TapFolder } from '../taps.ts';
import { replaceSection } from './marked-section.ts';

const MARKERS = { begin: '<!-- streams -->', end: '<!-- /streams -->' };

/** READMEs of taps, each with the table of its streams as the tap declares them. A README without the markers is left out. */
export async function tapReadmes(root: string, taps: TapFolder[]): Promise<Record<string, () => string>> {
  const found: Record<string, () => string> = {};
  for (const { source, tap } of taps) {
    const path = `services/tap-${source}/README.md`;
    const text = await readFile(join(root, path), 'utf8').catch(() => '');
    if (text.includes(MARKERS.begin)) found[path] = () => replaceSection(text, MARKERS, streamsTable(tap.streams));
  }
  return found;
}

function streamsTable(streams: Stream<unknown>[]): string {
  return [
    '| stream | endpoint | key | replication | deletes | scopes | idle requests |',
    '|---|---|---|---|---|---|---|',
    ...streams.flatMap((stream) => [stream, ...(stream.children ?? [])].map((shape) => line(shape, stream))),
  ].join('\n');
}

function line(shape: StreamShape, { name, about, replication, isSelectedByDefault }: Stream<unknown>): string {
  const isChild = shape.name !== name;
  const optional = isSelectedByDefault === false ? ' (optional)' : '';
  const cells = [
    `\`${shape.name}\`${optional}`,
    isChild ? `with \`${name}\`` : code(about?.endpoint),
    shape.keyProperties.map(code).join(', ') || 'none: append-only',
    replication.method === 'INCREMENTAL' ? `incremental by \`${replication.key}\`` : 'full table',
    isChild ? '' : (about?.deletes ?? ''),
    isChild ? '' : (about?.scopes ?? []).map(code).join(', '),
    isChild ? '' : String(about?.requestsIdle ?? ''),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}
