import { formatNumber } from '@pipeline/protocol/format';
import type { StreamItem } from '../schema.ts';
import { StateStatus, Status } from './status.tsx';

/** How the last read of a stream came out, with the records that wait. */
export function StreamOutcome({
  stream: { outcome, openRejected, isPaused },
  isQuiet = false,
  isPill = false,
}: {
  stream: StreamItem;
  isQuiet?: boolean;
  isPill?: boolean;
}) {
  if (outcome === 'failed') return <StateStatus state="failed" isPill={isPill} />;
  if (openRejected > 0) {
    return (
      <Status tone="warn" isPill={isPill}>
        {`${formatNumber(openRejected)} rejected`}
      </Status>
    );
  }
  if (isPaused) return <StateStatus state="paused" isPill={isPill} />;
  if (outcome === null) {
    return (
      <StateStatus state="queued" isPill={isPill}>
        Not read yet
      </StateStatus>
    );
  }
  return <StateStatus state={outcome} isQuiet={isQuiet && outcome === 'loaded'} isPill={isPill} />;
}
