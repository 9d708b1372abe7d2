import { useEffect, useState } from 'preact/hooks';
import { StateStatus, Status } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import type { LogLine } from '../../schema.ts';

/** Lines by their place in the log: `#L14`. */
export function LogLines({ lines }: { lines: LogLine[] }) {
  const target = useTarget(lines.length);
  return (
    <ol>
      {lines.map((line, index) => (
        <li
          key={line.id}
          id={`L${index + 1}`}
          class={line.level === 'error' || target === `L${index + 1}` ? 'hit' : ''}
        >
          <a href={`#L${index + 1}`}>
            <Time at={line.at} as="log" />
          </a>
          <Level level={line.level} />
          <span class="cut" title={line.stream ?? line.service}>
            {line.stream ?? ''}
          </span>
          <span>
            {line.message} <span class="f">{fields(line)}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

function Level({ level }: { level: LogLine['level'] }) {
  if (level === 'error') return <StateStatus state="failed">error</StateStatus>;
  if (level === 'warn') return <Status tone="warn">warn</Status>;
  return <span class="st idle">{level}</span>;
}

function fields({ fields: named }: LogLine): string {
  return Object.entries(named)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/** The line that the address names. It may be drawn after the browser has looked for it. */
function useTarget(lines: number): string {
  const [target, setTarget] = useState(location.hash.slice(1));
  useEffect(() => {
    const change = () => setTarget(location.hash.slice(1));
    addEventListener('hashchange', change);
    return () => removeEventListener('hashchange', change);
  }, []);
  const isThere = target !== '' && lines > 0;
  useEffect(() => {
    if (isThere) document.getElementById(target)?.scrollIntoView({ block: 'center' });
  }, [target, isThere]);
  return target;
}
