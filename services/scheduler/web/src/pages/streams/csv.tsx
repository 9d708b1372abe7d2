import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import type { StreamItem } from '../../schema.ts';
import { csv } from './csv-text.ts';

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
