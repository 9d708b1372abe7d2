import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiFailure } from '../api.ts';
import type { Query } from '../queries.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-names.ts';

/** Whoever waits less than this sees no skeleton flash by. */
const SKELETON_AFTER_MS = 300;

interface PartProps<Body> {
  query: Query<Body>;
  /** Lines of the skeleton. @default 6 */
  lines?: number;
  children: (body: Body) => ComponentChildren;
}

/** A part of a page that comes from the API: skeleton, refusal or content. What failed fails alone. */
export function Part<Body>({ query, lines = 6, children }: PartProps<Body>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) return <Refusal error={query.error} retry={() => void query.refetch()} />;
  return <Skeleton lines={lines} />;
}

function Skeleton({ lines }: { lines: number }) {
  const [isShown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return <div class="loading" aria-busy="true" />;
  return (
    <div class="card pad stack gap3" aria-busy="true">
      <span class="vh">Loading</span>
      {Array.from({ length: lines }, (_, line) => (
        <svg key={line} class="skel" width="100%" height="10" aria-hidden="true" />
      ))}
    </div>
  );
}

/** What could not be shown and what to do. */
function Refusal({ error, retry }: { error: Error; retry?: () => void }) {
  const failure = error instanceof ApiFailure ? error : undefined;
  if (failure?.status === 403) {
    return (
      <Empty icon="lock" title="Not with this role">
        {failure.message} {failure.remedy}
      </Empty>
    );
  }
  return (
    <div class="card">
      <div class="empty" role="alert">
        <Icon name="octagon-x" class="fail" />
        <b>{failure?.status === 404 ? 'There is no such thing' : 'This could not be read'}</b>
        <span>
          {error.message} {failure?.remedy} {failure?.id !== undefined && <code>{failure.id}</code>}
        </span>
        {retry !== undefined && (
          <button class="btn" type="button" onClick={retry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}

/** What would be here and how it gets here. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="card">
      <div class="empty">
        <Icon name={icon} />
        <b>{title}</b>
        {children !== undefined && <span>{children}</span>}
      </div>
    </div>
  );
}
