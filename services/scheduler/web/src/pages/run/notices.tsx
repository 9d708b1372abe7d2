import { formatCount } from '@pipeline/protocol/format';
import { Icon } from '../../parts/icon.tsx';
import { Prose } from '../../parts/prose.tsx';
import type { Run } from '../../schema.ts';

/** What the tap found that stopped nothing: a scope that hides fields, a field that the account refuses. */
export function Notices({ run: { notices } }: { run: Run }) {
  if (notices.length === 0) return null;
  return (
    <section class="card" aria-labelledby="notices">
      <header>
        <Icon name="triangle-alert" class="warn" />
        <h2 id="notices">{formatCount(notices.length, 'notice')}</h2>
        <span class="end muted">They stopped nothing</span>
      </header>
      <div class="pad">
        <dl class="facts">
          {notices.map(({ stream, code, message, count }) => (
            <NoticeLine
              key={`${stream} ${code} ${message}`}
              stream={stream}
              text={`${message}${count > 1 ? ` (${count} times)` : ''}`}
              code={code}
            />
          ))}
        </dl>
      </div>
    </section>
  );
}

function NoticeLine({ stream, code, text }: { stream: string; code: string; text: string }) {
  return (
    <>
      <dt>{stream}</dt>
      <dd class="anywhere">
        <Prose text={text} /> <span class="mono muted">{code}</span>
      </dd>
    </>
  );
}
