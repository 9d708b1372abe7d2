import { ErrorBoundary, lazy } from 'preact-iso';

const Loaded = lazy(() => import('./palette.tsx'));

/** Search, loaded when it is first opened. */
export function Palette({ close }: { close: () => void }) {
  return (
    <ErrorBoundary>
      <Loaded close={close} />
    </ErrorBoundary>
  );
}
