// Healthy: the service is ready. Images have no curl.
const TIMEOUT_MS = 4_000;

const isReady = await fetch(`http://127.0.0.1:${process.env['METRICS_PORT'] ?? process.env['HTTP_PORT']}/readyz`, {
  signal: AbortSignal.timeout(TIMEOUT_MS),
}).then(
  (response) => response.ok,
  () => false,
);
process.exit(isReady ? 0 : 1);
