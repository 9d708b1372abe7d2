import type { Catalog } from '@pipeline/singer';
import type { Tap } from '../declaration.ts';
import { settingsOf } from '../settings/settings.ts';

/** What `--about` says: the tap, its settings and its streams. */
export function about<Settings>(
  tap: Tap<Settings>,
  catalog: Catalog,
  options: { version: string; format: 'json' | 'markdown' },
): string {
  const settings = settingsOf(tap.settings);
  const streams = catalog.streams.map((entry) => ({
    name: entry.stream,
    keyProperties: entry.key_properties ?? [],
    replicationMethod: entry.metadata[0]?.metadata['forced-replication-method'] ?? null,
  }));
  if (options.format === 'json') {
    const described = { name: `tap-${tap.source}`, version: options.version, settings, streams };
    return JSON.stringify(described, undefined, 2);
  }
  return [
    `# tap-${tap.source} ${options.version}`,
    '',
    '| setting | required | default | meaning |',
    '|---|---|---|---|',
    ...settings.map((setting) =>
      row(setting.name, setting.isRequired ? 'yes' : 'no', JSON.stringify(setting.default) ?? '', setting.description),
    ),
    '',
    '| stream | key | replication |',
    '|---|---|---|',
    ...streams.map((stream) => row(stream.name, stream.keyProperties.join(', '), String(stream.replicationMethod))),
  ].join('\n');
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
