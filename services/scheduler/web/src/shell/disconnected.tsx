import { formatTime } from '@pipeline/protocol/format';
import { useEffect, useState } from 'preact/hooks';
import { zone } from '../clock.ts';
import { connection, retryNow } from '../live.ts';
import { Icon } from '../parts/icon.tsx';

const TICK_MS = 1_000;

/** Says that what is shown is old, since when, and when it is tried again. */
export function Disconnected() {
  const { state, lostAt, retryAt } = connection.value;
  const [clock, tick] = useState(Date.now());
  useEffect(() => {
    if (state !== 'lost') return;
    const timer = setInterval(() => tick(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [state]);
  if (state !== 'lost' || lostAt === undefined) return null;
  const seconds = Math.max(0, Math.ceil(((retryAt ?? 0) - clock) / 1_000));
  return (
    <div class="card lost">
      <p class="note flat">
        <Icon name="octagon-x" class="fail" />
        <span>
          <span role="alert">
            Not connected since {formatTime(lostAt, zone.value)}. What you see is as of then; buttons are off.
          </span>{' '}
          {seconds > 0 ? `Next try in ${seconds} s.` : 'Trying now.'}{' '}
          <button class="link" type="button" onClick={retryNow}>
            Try now
          </button>
        </span>
      </p>
    </div>
  );
}
