import { send } from '../../api.ts';
import { Action } from '../../parts/action.tsx';
import { Icon } from '../../parts/icon.tsx';
import type { IconName } from '../../parts/icon-names.ts';
import { useTitle } from '../../parts/page-head.tsx';
import { Prose } from '../../parts/prose.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { useResource } from '../../queries.ts';
import type { Now, Requested, Verdict } from '../../schema.ts';
import { mood } from '../../title.ts';
import { CycleTable } from './cycle-table.tsx';
import { Happenings } from './happenings.tsx';
import { Incidents } from './incidents.tsx';
import { RowsLoaded } from './rows-loaded.tsx';
import { VitalsStrip } from './vitals-strip.tsx';

const GLYPHS: Record<Verdict['state'], IconName> = {
  down: 'octagon-x',
  attention: 'octagon-x',
  late: 'clock',
  paused: 'circle-pause',
  first: 'circle-dashed',
  fine: 'circle-check',
};

/** Is all well, what must I do, what happens. */
export function NowPage() {
  useTitle('');
  return (
    <Part query={useResource<Now>('/api/now')} lines={9}>
      {(now) => (
        <>
          <VerdictHead now={now} />
          <Incidents incidents={now.incidents} />
          {now.pipelines.length === 0 ? <NoPipelines /> : <CycleTable now={now} />}
          <div class="two even">
            <Happenings happenings={now.happened} />
            <RowsLoaded hours={now.rowsPerHour} pipelines={now.pipelines} />
          </div>
          <VitalsStrip now={now} />
        </>
      )}
    </Part>
  );
}

function VerdictHead({ now: { verdict, pipelines } }: { now: Now }) {
  const tone = mood.value ?? 'idle';
  const isPaused = pipelines.length > 0 && pipelines.every(({ pause }) => pause !== null);
  return (
    <div class="verdict">
      <span class={`glyph ${tone}`}>
        <Icon name={GLYPHS[verdict.state]} class={tone} />
      </span>
      <div class="grow" role="status">
        <h1 tabIndex={-1}>{verdict.title}</h1>
        <p>
          <Prose text={verdict.text} />
        </p>
      </div>
      {pipelines.length > 0 && (
        <div class="btns">
          {isPaused ? (
            <Action label="Resume all" icon="play" run={resumeAll} undo={pauseAll} />
          ) : (
            <Action label="Pause all" icon="pause" run={pauseAll} undo={resumeAll} />
          )}
          <Action
            label="Run now"
            icon="play"
            run={async () => (await send<Requested>('POST', '/api/cycles', {})).message}
          />
        </div>
      )}
    </div>
  );
}

async function pauseAll(): Promise<string> {
  await send('POST', '/api/pipelines/pause', {});
  return 'everything is paused; a run that is live goes on';
}

async function resumeAll(): Promise<string> {
  await send('POST', '/api/pipelines/resume');
  return 'everything runs by its schedule again';
}

function NoPipelines() {
  return (
    <Empty icon="plug" title="No source is connected yet">
      <a class="btn primary" href="/connections/new">
        Connect a source
      </a>{' '}
      or set its variables (<code>.env.sample</code> lists them) and start again.
    </Empty>
  );
}
