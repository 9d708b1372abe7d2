import { formatCount, formatNumber } from '@pipeline/protocol/format';
import { useState } from 'preact/hooks';
import { FindField } from '../../parts/find-field.tsx';
import type { Check, DescribedStream, Source } from '../../schema.ts';
import { type Selected, toggled, toggledField } from './selection.ts';

interface StreamPickerProps {
  source: Source;
  check: Check | null;
  selected: Selected;
  change: (selected: Selected) => void;
  /** How often a day the connection runs; null by hand. */
  runsPerDay: number | null;
}

/** Streams and their fields, with rows and requests a day beside each. */
export function StreamPicker({ source, check, selected, change, runsPerDay }: StreamPickerProps) {
  const [text, find] = useState('');
  const roots = source.streams.filter(({ parent }) => parent === null);
  const shown = roots.filter((root) =>
    [root, ...source.streams.filter(({ parent }) => parent === root.name)].some(({ name }) =>
      name.includes(text.toLowerCase()),
    ),
  );
  return (
    <section class="card" aria-labelledby="picker">
      <header>
        <h2 id="picker">Streams</h2>
        <span class="small muted">
          {formatNumber(selected.size)} of {formatNumber(source.streams.length)}
        </span>
        <FindField label="Find a stream" value={text} change={find} />
      </header>
      <RequestsADay source={source} selected={selected} runsPerDay={runsPerDay} />
      <ul class="picker">
        {shown.flatMap((root) =>
          [root, ...source.streams.filter(({ parent }) => parent === root.name)].map((stream) => (
            <StreamChoice
              key={stream.name}
              stream={stream}
              check={check?.streams.find((each) => each.stream === stream.name)}
              selected={selected}
              requests={requestsPerDay(stream, runsPerDay)}
              toggle={() => change(toggled(selected, source.streams, stream.name))}
              toggleField={(field) => change(toggledField(selected, stream.name, field))}
            />
          )),
        )}
      </ul>
    </section>
  );
}

interface StreamChoiceProps {
  stream: DescribedStream;
  check: Check['streams'][number] | undefined;
  selected: Selected;
  requests: number | null;
  toggle: () => void;
  toggleField: (field: string) => void;
}

function StreamChoice({ stream, check, selected, requests, toggle, toggleField }: StreamChoiceProps) {
  const without = selected.get(stream.name);
  const isUnreadable = check !== undefined && !check.isReadable;
  const cost = [
    ...(check?.rows == null ? [] : [formatCount(check.rows, 'row')]),
    ...(requests === null || without === undefined ? [] : [`about ${formatCount(requests, 'request')} a day`]),
  ];
  return (
    <li class={stream.parent === null ? '' : 'below'}>
      <label>
        <input type="checkbox" checked={without !== undefined} disabled={isUnreadable} onChange={toggle} />
        <span class="strong anywhere">{stream.name}</span>
      </label>
      <span class={`small ${isUnreadable ? 'fail' : 'muted'}`}>
        {isUnreadable ? (check.reason ?? 'not readable') : cost.join(', ')}
      </span>
      {without !== undefined && stream.fields.length > 0 && (
        <details>
          <summary class="small">
            {without.size === 0
              ? `all ${formatCount(stream.fields.length, 'field')}`
              : `${stream.fields.length - without.size} of ${formatCount(stream.fields.length, 'field')}`}
          </summary>
          <ul class="fields">
            {stream.fields.map(({ name, type }) => (
              <li key={name}>
                <label>
                  <input
                    type="checkbox"
                    checked={!without.has(name)}
                    disabled={stream.keyProperties.includes(name) || name === stream.replicationKey}
                    onChange={() => toggleField(name)}
                  />
                  <code>{name}</code> <span class="small muted">{type}</span>
                </label>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

const NEARLY_ALL = 0.8;

/** The sum beside the day's allowance: amber when little is left for the first, full read, and the tap does not spread its requests by itself. */
function RequestsADay({
  source,
  selected,
  runsPerDay,
}: {
  source: Source;
  selected: Selected;
  runsPerDay: number | null;
}) {
  if (source.requestsPerDay === null) return null;
  const chosen = source.streams.filter(({ name }) => selected.has(name));
  const sum = chosen.reduce((total, stream) => total + (requestsPerDay(stream, runsPerDay) ?? 0), 0);
  const isNearlyAll = sum > source.requestsPerDay * NEARLY_ALL;
  const isMuch = isNearlyAll && !source.spreadsRequests;
  return (
    <div class="pad">
      <p class={isMuch ? 'warn small' : 'soft small'}>
        About {formatNumber(sum)} of {formatNumber(source.requestsPerDay)} requests a day while nothing changes
        {isMuch && ': run less often or leave streams out'}
        {isNearlyAll &&
          source.spreadsRequests &&
          ': the tap spreads them over the day, streams that seldom change are read less often'}
        .
      </p>
      <progress
        class={isMuch ? 'is-warn' : 'is-ok'}
        max={source.requestsPerDay}
        value={sum}
        aria-label="Requests a day"
      />
    </div>
  );
}

/** A child comes with the requests of its parent. */
function requestsPerDay({ requestsIdle, parent }: DescribedStream, runsPerDay: number | null): number | null {
  return requestsIdle === null || runsPerDay === null || parent !== null ? null : requestsIdle * runsPerDay;
}
