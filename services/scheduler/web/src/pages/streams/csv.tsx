import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import type { StreamItem } from '../../schema.ts';

const COLUMNS = [
  'connection',
  'stream',
  'parent',
  'outcome',
  'loadedAt',
  'isLate',
  'rows',
  'bytes',
  'openRejected',
  'bookmark',
] as const;

/** The streams that are shown, as a file. */
export function CsvButton({ streams }: { streams: StreamItem[] }) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([csv(streams)], { type: 'text/csv' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [streams]);
  return (
    <a class="btn" href={url} download="streams.csv">
      <Icon name="download" />
      CSV
    </a>
  );
}

function csv(streams: StreamItem[]): string {
  const lines = streams.map((stream) => COLUMNS.map((name) => field(stream[name])).join(','));
  return `${COLUMNS.join(',')}\r\n${lines.join('\r\n')}\r\n`;
}

/** Quoted as RFC 4180 says; a leading `=` would be a formula to a spreadsheet. */
function field(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  const safe = /^[=+\-@\t]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
