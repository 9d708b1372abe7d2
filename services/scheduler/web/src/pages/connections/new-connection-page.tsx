import { formatCount } from '@pipeline/protocol/format';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { may } from '../../parts/action.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SourceMark } from '../../parts/source-mark.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { Status } from '../../parts/status.tsx';
import { useResource } from '../../queries.ts';
import type { Connection, Page, Source } from '../../schema.ts';
import { AccessStep } from './access-step.tsx';
import { CheckStep } from './check-step.tsx';
import { beginDraft, draft } from './draft.ts';
import { StreamsStep } from './streams-step.tsx';
import { TargetStep } from './target-step.tsx';

const STEPS = [
  { id: 'source', label: 'Source' },
  { id: 'access', label: 'Access' },
  { id: 'check', label: 'Check' },
  { id: 'streams', label: 'Streams' },
  { id: 'target', label: 'Where and when' },
];

/** Connects an account in steps, each with an address; the sixth is its first run. */
export default function NewConnectionPage({ step = 'source' }: { step?: string }) {
  const { route } = useLocation();
  const sources = useResource<Page<Source>>('/api/sources');
  const connections = useResource<Page<Connection>>('/api/connections');
  const isLost = step !== 'source' && draft.value === undefined;
  // The page was loaded again in the middle: what was entered is gone with it.
  useEffect(() => {
    if (isLost) route('/connections/new', true);
  }, [isLost, route]);
  if (!may('admin')) {
    return (
      <>
        <PageHead title="New connection" />
        <Empty icon="lock" title="Not with this role">
          An admin makes connections.
        </Empty>
      </>
    );
  }
  return (
    <>
      <PageHead title="New connection" crumbs={[{ label: 'Connections', href: '/connections' }]} />
      <ol class="steps" aria-label="Steps">
        {STEPS.map(({ id, label }, index) => (
          <li key={id} aria-current={id === step ? 'step' : undefined}>
            <span class="count">{index + 1}</span> {label}
          </li>
        ))}
      </ol>
      <Part query={sources}>
        {({ items }) => {
          const source = items.find((each) => each.source === draft.value?.source);
          if (step === 'source' || source === undefined)
            return <SourceStep sources={items} taken={connections.data?.items.map(({ name }) => name) ?? []} />;
          if (step === 'access') return <AccessStep source={source} />;
          if (step === 'check') return <CheckStep source={source} />;
          if (step === 'streams') return <StreamsStep source={source} />;
          return <TargetStep source={source} />;
        }}
      </Part>
    </>
  );
}

function SourceStep({ sources, taken }: { sources: Source[]; taken: string[] }) {
  const { route } = useLocation();
  if (sources.length === 0) {
    return (
      <Empty icon="plug" title="No tap has said what it reads">
        Start the tap of a source, such as <code>docker compose up tap-…</code>: it registers within seconds.
      </Empty>
    );
  }
  return (
    <ul class="choices">
      {sources.map((source) => (
        <li key={source.source}>
          <button
            type="button"
            class="card pad"
            onClick={() => {
              beginDraft(source, taken);
              route('/connections/new/access');
            }}
          >
            <span class="name strong">
              <SourceMark label={source.label} />
              <span>{source.label}</span>
            </span>
            <span class="small muted">
              {source.streams.length} streams
              {source.requestsPerDay === null ? '' : `, ${formatCount(source.requestsPerDay, 'request')} a day`}
            </span>
            {!source.isAlive && <Status tone="fail">its tap does not run</Status>}
          </button>
        </li>
      ))}
    </ul>
  );
}
