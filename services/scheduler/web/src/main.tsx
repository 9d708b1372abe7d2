import './styles/index.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { render } from 'preact';
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import { LoginPage } from './pages/login.tsx';
import { NotFound } from './pages/not-found.tsx';
import { NowPage } from './pages/now/now-page.tsx';
import { CrashBoundary } from './parts/crash-boundary.tsx';
import { queryClient } from './queries.ts';
import { Shell } from './shell/shell.tsx';
import { keepTitle } from './title.ts';
import './theme.ts';

const RunsPage = lazy(() => import('./pages/runs/runs-page.tsx'));
const RunPage = lazy(() => import('./pages/run/run-page.tsx'));
const StreamsPage = lazy(() => import('./pages/streams/streams-page.tsx'));
const StreamPage = lazy(() => import('./pages/stream/stream-page.tsx'));
const ConnectionsPage = lazy(() => import('./pages/connections/connections-page.tsx'));
const NewConnectionPage = lazy(() => import('./pages/connections/new-connection-page.tsx'));
const ConnectionPage = lazy(() => import('./pages/connections/connection-page.tsx'));
const QuarantinePage = lazy(() => import('./pages/quarantine/quarantine-page.tsx'));
const ModelsPage = lazy(() => import('./pages/models/models-page.tsx'));
const SystemPage = lazy(() => import('./pages/system/system-page.tsx'));

function Pages() {
  const { path } = useLocation();
  return (
    <Shell>
      <CrashBoundary path={path}>
        <ErrorBoundary>
          <Router>
            <Route path="/" component={NowPage} />
            <Route path="/runs" component={RunsPage} />
            <Route path="/runs/:id" component={RunPage} />
            <Route path="/streams" component={StreamsPage} />
            <Route path="/streams/:source/:stream/:tab?" component={StreamPage} />
            <Route path="/connections" component={ConnectionsPage} />
            <Route path="/connections/new/:step?" component={NewConnectionPage} />
            <Route path="/connections/:name" component={ConnectionPage} />
            <Route path="/quarantine/:tab?" component={QuarantinePage} />
            <Route path="/models" component={ModelsPage} />
            <Route path="/system/:tab?" component={SystemPage} />
            <Route default component={NotFound} />
          </Router>
        </ErrorBoundary>
      </CrashBoundary>
    </Shell>
  );
}

keepTitle();
const root = document.getElementById('app');
if (root !== null) {
  render(
    <QueryClientProvider client={queryClient}>
      <LocationProvider>{location.pathname === '/login' ? <LoginPage /> : <Pages />}</LocationProvider>
    </QueryClientProvider>,
    root,
  );
}
