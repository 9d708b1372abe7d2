import { StateStatus, Status } from '../../parts/status.tsx';
import type { Connection } from '../../schema.ts';

/** Whether the account lets us in, as of the last look at it. */
export function ConnectionState({
  connection: { isPaused, isAlive, isChecking, check },
  isPill = false,
}: {
  connection: Connection;
  isPill?: boolean;
}) {
  if (isChecking)
    return (
      <StateStatus state="reading" isPill={isPill}>
        Checking
      </StateStatus>
    );
  if (!isAlive)
    return (
      <Status tone="fail" isPill={isPill}>
        No tap runs
      </Status>
    );
  if (check !== null && !check.isOk)
    return (
      <Status tone="fail" isPill={isPill}>
        {check.code === 'SOURCE_UNAUTHORISED' ? 'Authorise again' : (check.code ?? 'No access')}
      </Status>
    );
  if (isPaused) return <StateStatus state="paused" isPill={isPill} />;
  const unreadable = check?.streams.filter(({ isReadable }) => !isReadable).length ?? 0;
  if (unreadable > 0)
    return (
      <Status tone="warn" isPill={isPill}>{`${unreadable} of ${check?.streams.length} streams unreadable`}</Status>
    );
  return check === null ? (
    <StateStatus state="queued" isPill={isPill}>
      Not looked at
    </StateStatus>
  ) : (
    <Status tone="ok" isPill={isPill}>
      Works
    </Status>
  );
}
