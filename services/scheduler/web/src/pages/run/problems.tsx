import { formatCount } from '@pipeline/protocol/format';
import { Icon } from '../../parts/icon.tsx';
import { Prose } from '../../parts/prose.tsx';
import type { Run } from '../../schema.ts';

const SHOWN_MAX = 3;

/** The errors first: what, what to do, what it affects. */
export function Problems({ run: { problems } }: { run: Run }) {
  return (
    <>
      {problems.slice(0, SHOWN_MAX).map((problem) => (
        <section key={`${problem.stream} ${problem.code} ${problem.what}`} class="card err">
          <header>
            <Icon name="octagon-x" class="fail" />
            <h2>{problem.stream === null ? 'The run failed' : `${problem.stream} could not be read`}</h2>
            {problem.code !== null && <span class="end mono">{problem.code}</span>}
          </header>
          <div class="pad">
            <dl class="facts">
              <Fact name="What" text={problem.what} />
              <Fact name="What to do" text={problem.remedy} />
              <Fact name="Effect" text={problem.effect} />
            </dl>
          </div>
        </section>
      ))}
      {problems.length > SHOWN_MAX && (
        <p class="note">
          <Icon name="octagon-x" class="fail" />
          {formatCount(problems.length - SHOWN_MAX, 'more error')}: see the tasks below.
        </p>
      )}
    </>
  );
}

function Fact({ name, text }: { name: string; text: string | null }) {
  if (text === null || text === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd class="anywhere">
        <Prose text={text} />
      </dd>
    </>
  );
}
