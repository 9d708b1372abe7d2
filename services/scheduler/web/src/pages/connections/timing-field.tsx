import { formatDayTime } from '@pipeline/protocol/format';
import { useEffect, useState } from 'preact/hooks';
import { send } from '../../api.ts';
import type { SchedulePreview, Timing } from '../../schema.ts';

const INTERVAL_SECONDS = 300;
const CRON = '0 * * * *';
const PREVIEW_PAUSE_MS = 400;

/** When a connection runs; the server says what that means, and when next. */
export function TimingField({ timing, change }: { timing: Timing; change: (timing: Timing) => void }) {
  const preview = usePreview(timing);
  const zoneHere = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const choose = (kind: string) => {
    if (kind === 'interval') change({ kind, seconds: INTERVAL_SECONDS });
    else if (kind === 'cron') change({ kind, expression: CRON, timeZone: zoneHere });
    else change({ kind: 'manual' });
  };
  return (
    <div class="stack gap3">
      <label class="field">
        Runs
        <select class="select" value={timing.kind} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="interval">at an interval</option>
          <option value="cron">at fixed times</option>
          <option value="manual">by hand</option>
        </select>
      </label>
      {timing.kind === 'interval' && (
        <label class="field">
          Seconds between the end of a run and the next
          <span class="input">
            <input
              type="number"
              min="0"
              max="604800"
              value={timing.seconds}
              onInput={(event) =>
                change({ kind: 'interval', seconds: Math.max(0, Math.round(Number(event.currentTarget.value))) })
              }
            />
          </span>
        </label>
      )}
      {timing.kind === 'cron' && (
        <>
          <label class="field">
            Times, as cron writes them: minute, hour, day, month, weekday
            <span class="input">
              <input
                class="mono"
                value={timing.expression}
                spellcheck={false}
                onInput={(event) => change({ ...timing, expression: event.currentTarget.value })}
              />
            </span>
          </label>
          <label class="field">
            Time zone
            <span class="input">
              <input
                value={timing.timeZone}
                spellcheck={false}
                onInput={(event) => change({ ...timing, timeZone: event.currentTarget.value })}
              />
            </span>
          </label>
        </>
      )}
      {preview instanceof Error ? (
        <p class="small fail" role="alert">
          {preview.message}
        </p>
      ) : (
        preview !== undefined && (
          <p class="small soft">
            {preview.text}
            {preview.next.length > 0 &&
              timing.kind === 'cron' &&
              `: ${preview.next.map((at) => formatDayTime(at, timing.timeZone)).join(', ')}`}
          </p>
        )
      )}
    </div>
  );
}

/** Asked when the person has stopped to type. */
function usePreview(timing: Timing): SchedulePreview | Error | undefined {
  const [preview, setPreview] = useState<SchedulePreview | Error>();
  const text = JSON.stringify(timing);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      send<SchedulePreview>('POST', '/api/schedule/preview', JSON.parse(text)).then(
        (found) => isCurrent && setPreview(found),
        (error: Error) => isCurrent && setPreview(error),
      );
    }, PREVIEW_PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text]);
  return preview;
}

const DAY_SECONDS = 86_400;

/** How often a day that is; null by hand or where it cannot be told from the text. */
export function runsPerDay(timing: Timing): number | null {
  if (timing.kind === 'interval') return Math.round(DAY_SECONDS / Math.max(60, timing.seconds));
  if (timing.kind === 'manual') return null;
  const [minute = '', hour = ''] = timing.expression.split(/\s+/).slice(-5);
  const times = (field: string, range: number) => {
    if (field === '*') return range;
    const step = /^\*\/(\d+)$/.exec(field)?.[1];
    return step === undefined ? field.split(',').length : Math.ceil(range / Number(step));
  };
  return times(minute, 60) * times(hour, 24);
}
