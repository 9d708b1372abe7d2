import { formatCount, formatDuration } from '@pipeline/protocol/format';
import { send } from '../../api.ts';
import type { Command } from '../../parts/action.tsx';
import { Menu } from '../../parts/menu.tsx';
import { SourceMark } from '../../parts/source-mark.tsx';
import { StateStatus, Status } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import type { NowDbt } from '../../schema.ts';
import { type Axis, CycleBars } from './cycle-bars.tsx';
import { History } from './history.tsx';

/** What can be asked of dbt. */
export function dbtCommands(isFailed: boolean): Command[] {
  const build = (body: object) => async () =>
    (await send<{ message: string }>('POST', '/api/dbt/builds', body)).message;
  return [
    { label: 'Build all', icon: 'play', run: build({}) },
    ...(isFailed ? [{ label: 'Retry failed', icon: 'refresh-cw' as const, run: build({ onlyFailed: true }) }] : []),
  ];
}

/** dbt is read like a pipeline: it comes after them in each cycle. */
export function DbtRow({ dbt, axis, isTransforming }: { dbt: NowDbt; axis: Axis; isTransforming: boolean }) {
  const { outcome, activity, bars, history } = dbt;
  return (
    <tr>
      <td>
        <a class="name strong" href="/models" data-row="">
          <SourceMark label="dbt" />
          <span>dbt</span>
        </a>
      </td>
      <td class="what">
        <div>
          {outcome !== null && <Outcome outcome={outcome} />}
          {activity !== null && (
            <Status tone={activity.state === 'running' ? 'run' : 'idle'}>
              {activity.state === 'running' ? 'building' : 'next'}
            </Status>
          )}
          {outcome === null && activity === null && (
            <StateStatus state="queued">{isTransforming ? 'next' : 'Not built yet'}</StateStatus>
          )}
        </div>
        {outcome !== null && (
          <div class="small">
            {outcome.state === 'failed' &&
              `${formatCount(outcome.models, 'model')} and ${formatCount(outcome.testsPassed, 'test')} good, `}
            {outcome.state === 'succeeded' && `in ${formatDuration(outcome.seconds * 1_000)}, `}
            at <Time at={outcome.finishedAt} as="minute" />
          </div>
        )}
      </td>
      <td class="g">
        <CycleBars bars={bars} axis={axis} isLive={activity?.state === 'running'} />
      </td>
      <td class="hist">
        <History history={history} path="/models" />
      </td>
      <td class="num age" />
      <td class="r">
        <Menu label="Actions for dbt" commands={dbtCommands(outcome?.state === 'failed')} />
      </td>
    </tr>
  );
}

function Outcome({
  outcome: { state, failed, warned, models, testsPassed, error },
}: {
  outcome: NonNullable<NowDbt['outcome']>;
}) {
  if (state === 'failed') return <Status tone="fail">{failed > 0 ? `${failed} failed` : (error ?? 'Failed')}</Status>;
  if (warned > 0) return <Status tone="warn">{formatCount(warned, 'warning')}</Status>;
  return <Status tone="ok">{`${formatCount(models, 'model')}, ${formatCount(testsPassed, 'test')}`}</Status>;
}
