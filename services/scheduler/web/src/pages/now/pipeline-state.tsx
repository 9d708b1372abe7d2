import { formatCount, formatDuration, formatNumber, formatShare } from '@pipeline/protocol/format';
import { StateStatus, Status } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import type { Activity, NowPipeline } from '../../schema.ts';

type LastOutcome = NonNullable<NowPipeline['outcome']>;

/** Outcome and activity are two things: what failed stays failed until the next run has ended. */
export function PipelineState({ pipeline: { outcome, activity, pause, isRequested } }: { pipeline: NowPipeline }) {
  return (
    <>
      <div>
        {outcome !== null && <OutcomeStatus outcome={outcome} />}
        {activity !== null && <ActivityStatus activity={activity} />}
        {pause !== null && <StateStatus state="paused">{`Paused by ${pause.by}`}</StateStatus>}
        {activity === null && isRequested && <StateStatus state="queued">asked for</StateStatus>}
        {outcome === null && activity === null && pause === null && !isRequested && (
          <StateStatus state="queued">Not run yet</StateStatus>
        )}
      </div>
      <div class="small">
        {activity !== null ? (
          <Doing activity={activity} />
        ) : pause !== null ? (
          <PauseText pause={pause} />
        ) : (
          outcome !== null && <Done outcome={outcome} />
        )}
      </div>
      {activity?.progress != null && (
        <progress
          max="100"
          value={Math.round(activity.progress * 100)}
          aria-label={`${activity.stream ?? 'this run'}, ${formatShare(activity.progress, 1)}`}
        />
      )}
    </>
  );
}

function OutcomeStatus({ outcome: { state, rejected, failed } }: { outcome: LastOutcome }) {
  if (state === 'failed') {
    const first = failed[0];
    const more = failed.length > 1 ? ` and ${failed.length - 1} more` : '';
    return (
      <StateStatus state="failed">{first === undefined ? 'Failed' : `Failed: ${first.stream}${more}`}</StateStatus>
    );
  }
  if (rejected > 0) return <Status tone="warn">{`${formatNumber(rejected)} rejected`}</Status>;
  return <StateStatus state={state} />;
}

function Done({ outcome: { rows, seconds, waitedSeconds } }: { outcome: LastOutcome }) {
  return (
    <>
      {formatCount(rows, 'row')} in {formatDuration(seconds * 1_000)}
      {waitedSeconds >= 0.5 && `, of it ${formatDuration(waitedSeconds * 1_000)} waiting`}
    </>
  );
}

function PauseText({ pause: { at, until, reason } }: { pause: NonNullable<NowPipeline['pause']> }) {
  return (
    <>
      since <Time at={at} as="when" />
      {until !== null && (
        <>
          , until <Time at={until} as="when" />
        </>
      )}
      {reason !== null && `, “${reason}”`}
    </>
  );
}

function ActivityStatus({ activity: { state, waitingUntil, rowsPerSecond } }: { activity: Activity }) {
  if (state === 'waiting') {
    return (
      <StateStatus state="waiting">
        <span>
          waits
          {waitingUntil !== null && (
            <>
              {' '}
              until <Time at={waitingUntil} as="clock" />
            </>
          )}
        </span>
      </StateStatus>
    );
  }
  const rate = rowsPerSecond === null || rowsPerSecond < 1 ? '' : `, ${formatNumber(Math.round(rowsPerSecond))} rows/s`;
  return <StateStatus state={state}>{`${state}${rate}`}</StateStatus>;
}

function Doing({
  activity: { state, stream, rows, expectedRows, isMoreThanUsual, waitingFor, tasksDone, tasks },
}: {
  activity: Activity;
}) {
  if (stream === null) return <>{`${tasksDone} of ${formatCount(tasks, 'task')} done`}</>;
  const of =
    expectedRows === null
      ? formatCount(rows, 'row')
      : `${formatNumber(rows)} of about ${formatCount(expectedRows, 'row')}`;
  return (
    <>
      {stream}: {of}
      {isMoreThanUsual && ', more than usual'}
      {state === 'waiting' && waitingFor !== null && `, ${waitingFor} limit`}
    </>
  );
}
