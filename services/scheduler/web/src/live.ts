import { effect, signal } from '@preact/signals';
import { setClockRunning, setServerTime } from './clock.ts';
import { invalidate, queryClient } from './queries.ts';
import type { EventName, LogLine, Now } from './schema.ts';

/** Whether events arrive. What is shown is as of `lostAt` while they do not. */
export const connection = signal<{ state: 'connecting' | 'live' | 'lost'; lostAt?: number; retryAt?: number }>({
  state: 'connecting',
});

/** Lines of the run whose log is open, as they come. */
export const followed = signal<{ runId: string; lines: LogLine[] } | undefined>(undefined);

const RETRY_MS = [1_000, 2_000, 5_000, 10_000];
/** The server writes something at least every 15 s, but a comment is not shown to us: then we ask. */
const SILENCE_MS = 15_000;
const PROBE_TIMEOUT_MS = 4_000;
/** A hidden tab closes its connection: browsers allow six to a host. */
const HIDDEN_MS = 30_000;
/** At most four new requests a second for what changes all the time. */
const INVALIDATE_MS = 250;

const CHANGED_BY: Record<Exclude<EventName, 'now' | 'log' | 'reset'>, string[]> = {
  cycle: ['/api/cycles', '/api/runs'],
  run: ['/api/cycles', '/api/runs', '/api/streams', '/api/pipelines'],
  task: ['/api/runs', '/api/streams'],
  incident: ['/api/incidents', '/api/streams', '/api/dbt', '/api/connections'],
  quarantine: ['/api/rejected-records', '/api/dead-letters', '/api/streams'],
  dbt: ['/api/dbt', '/api/cycles', '/api/streams'],
  system: ['/api/system', '/api/connections', '/api/alert-channels', '/api/sources', '/api/tokens'],
};

let source: EventSource | undefined;
let failures = 0;
let heardAt = 0;
let isProbing = false;
let topic: string | undefined;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
const changed = new Set<string>();
let _invalidateTimer: ReturnType<typeof setTimeout> | undefined;

/** Opens the one connection of this tab and keeps it. */
export function startLive(): void {
  open();
  setInterval(watchSilence, SILENCE_MS / 3);
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) hiddenTimer = setTimeout(close, HIDDEN_MS);
    else if (source === undefined && connection.peek().state !== 'lost') open();
  });
  effect(() => setClockRunning(connection.value.state !== 'lost'));
}

/** Has the log of a run sent along; undefined: no longer. */
export function followLog(runId: string | undefined): void {
  const next = runId === undefined ? undefined : `log:${runId}`;
  if (next === topic) return;
  topic = next;
  followed.value = undefined;
  if (source !== undefined) open();
}

/** The button beside "Next try in 4 s". */
export function retryNow(): void {
  clearTimeout(retryTimer);
  open();
}

function open(): void {
  close();
  const opened = new EventSource(topic === undefined ? '/api/events' : `/api/events?topics=${topic}`);
  source = opened;
  opened.onopen = () => {
    const wasAway = connection.peek().state !== 'live';
    failures = 0;
    heardAt = Date.now();
    connection.value = { state: 'live' };
    // What was missed meanwhile.
    if (wasAway) invalidate(['/api/']);
  };
  opened.onerror = () => lost(opened);
  listen(opened);
}

function close(): void {
  source?.close();
  source = undefined;
}

/** Retries itself rather than leave it to the browser, whose waits differ and are not told. */
function lost(failed: EventSource): void {
  if (failed !== source) return;
  close();
  const waitMs = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0;
  failures += 1;
  const lostAt = connection.peek().lostAt ?? Date.now();
  connection.value = { state: 'lost', lostAt, retryAt: Date.now() + waitMs };
  clearTimeout(retryTimer);
  retryTimer = setTimeout(open, waitMs);
}

/** A connection that fell silent may be dead without anybody having been told. */
async function watchSilence(): Promise<void> {
  const watched = source;
  if (watched === undefined || isProbing || connection.peek().state !== 'live') return;
  if (Date.now() - heardAt < SILENCE_MS) return;
  isProbing = true;
  const isAlive = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
    .then((response) => response.status < 500)
    .catch(() => false);
  isProbing = false;
  if (isAlive) heardAt = Date.now();
  else lost(watched);
}

function listen(events: EventSource): void {
  const on = <Data>(name: EventName, handle: (data: Data) => void) =>
    events.addEventListener(name, (event) => {
      heardAt = Date.now();
      handle(JSON.parse(event.data) as Data);
    });
  on<Partial<Now>>('now', (parts) => {
    if (parts.now !== undefined) setServerTime(parts.now);
    queryClient.setQueryData<Now>(['/api/now'], (known) => (known === undefined ? known : { ...known, ...parts }));
  });
  on<{ runId: string; lines: LogLine[] }>('log', ({ runId, lines }) => {
    followed.value = { runId, lines: [...(followed.peek()?.lines ?? []), ...lines] };
  });
  on('reset', () => invalidate(['/api/']));
  for (const [name, prefixes] of Object.entries(CHANGED_BY)) {
    on(name as keyof typeof CHANGED_BY, () => soon(prefixes));
  }
}

function soon(prefixes: string[]): void {
  for (const prefix of prefixes) changed.add(prefix);
  _invalidateTimer ??= setTimeout(() => {
    _invalidateTimer = undefined;
    invalidate([...changed]);
    changed.clear();
  }, INVALIDATE_MS);
}
