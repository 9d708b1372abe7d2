import type { HistoryEvent } from '@pipeline/probe';

/** What PostgreSQL holds when everything is over. */
export interface FinalRead {
  ledger: { epoch: number; seq: number; sha256: string }[];
  /** Attempts that ended as `loaded`. */
  loadedEpochs: number[];
}

/** Batches, but for `attempts`, `rows`, and `redelivered` and `fenced`, which count each time. */
export interface HistoryCounts {
  attempts: number;
  published: number;
  confirmed: number;
  delivered: number;
  redelivered: number;
  committed: number;
  rows: number;
  fenced: number;
  acked: number;
}

export interface HistoryFinding {
  /** - `lost`: committed, or confirmed in an attempt that ended as loaded, and not in the ledger.
   *  - `duplicated`: committed twice.
   *  - `stale`: committed although a later attempt of its task had begun.
   *  - `unexpected`: arrived or loaded and never published; or published with two contents.
   *  - `early ack`: acked before it was committed, fenced or archived. */
  kind: 'lost' | 'duplicated' | 'stale' | 'unexpected' | 'early ack';
  /** `<epoch>/<seq>` */
  batch: string;
}

export interface HistoryReport {
  counts: HistoryCounts;
  findings: HistoryFinding[];
}

type ClaimEvent = Extract<HistoryEvent, { event: 'claim' }>;
type BatchEvent = Extract<HistoryEvent, { sha256: string }>;
type Indexed<Event> = Event & { index: number };

/** Everything that is known of one batch. */
interface BatchHistory {
  id: string;
  events: Indexed<BatchEvent>[];
  /** Hashes of its entries in the ledger: one, or none. */
  ledger: string[];
  isLoaded: boolean;
  /** When later attempts of its task began. */
  laterClaims: number[];
}

/** Judges a history in the manner of Jepsen: by what it proves. An effect without a line may have happened or not, so a missing `commit` proves
 *  nothing by itself, and an order of two lines proves an order of effects only where {@link HistoryEvent} says so. */
export function checkHistory(events: HistoryEvent[], final: FinalRead): HistoryReport {
  const batches = collect(events, final);
  const findings = batches.flatMap((batch) =>
    CHECKS.filter(([, isSo]) => isSo(batch)).map(([kind]) => ({ kind, batch: batch.id })),
  );
  return { counts: count(events, batches), findings };
}

const CHECKS: [HistoryFinding['kind'], (batch: BatchHistory) => boolean][] = [
  ['lost', isLost],
  ['duplicated', isDuplicated],
  ['stale', isStale],
  ['unexpected', isUnexpected],
  ['early ack', isAckedEarly],
];

function isLost(batch: BatchHistory): boolean {
  if (batch.ledger.length > 0) return false;
  return has(batch, 'commit') || (batch.isLoaded && has(batch, 'confirm'));
}

function isDuplicated(batch: BatchHistory): boolean {
  return of(batch, 'commit').length > 1 || batch.ledger.length > 1;
}

/** `load` stands before its commit and `claim` after its own, so a `load` behind a later claim was committed behind it. Where the line of
 *  the commit is missing, any of the loads may be the one that the ledger tells of. */
function isStale(batch: BatchHistory): boolean {
  const firstClaim = Math.min(...batch.laterClaims);
  const isBehind = (load: Indexed<BatchEvent> | undefined) => load !== undefined && load.index > firstClaim;
  const loads = of(batch, 'load');
  const commits = of(batch, 'commit');
  if (commits.length === 0) return batch.ledger.length > 0 && loads.length > 0 && loads.every(isBehind);
  return commits.some((commit) =>
    isBehind(loads.findLast((load) => load.process === commit.process && load.index < commit.index)),
  );
}

function isUnexpected(batch: BatchHistory): boolean {
  const hashes = new Set([...batch.events.map((event) => event.sha256), ...batch.ledger]);
  return hashes.size > 1 || batch.events[0]?.event !== 'publish';
}

/** What decides the fate of a batch that somebody has in hand. */
const OUTCOMES: ReadonlySet<string> = new Set(['commit', 'known', 'fence', 'refuse', 'archive']);

/** A process may hold a batch twice, so its acks are counted against what it knew by then. */
function isAckedEarly(batch: BatchHistory): boolean {
  const open = new Map<string, number>();
  return batch.events.some(({ event, process }) => {
    const outcomes = open.get(process) ?? 0;
    if (OUTCOMES.has(event)) open.set(process, outcomes + 1);
    if (event === 'ack') open.set(process, outcomes - 1);
    return event === 'ack' && outcomes < 1;
  });
}

function collect(events: HistoryEvent[], { ledger, loadedEpochs }: FinalRead): BatchHistory[] {
  const indexed = events.map((event, index) => ({ ...event, index }));
  const claims = Map.groupBy(indexed.filter(isClaim), (claim) => claim.task);
  const noted = indexed.flatMap((event) =>
    event.event === 'finalise' && event.outcome === 'loaded' ? event.epoch : [],
  );
  const loaded = new Set([...loadedEpochs, ...noted]);
  const eventsOf = Map.groupBy(indexed.filter(isBatchEvent), batchId);
  const ledgerOf = Map.groupBy(ledger, batchId);
  return [...new Set([...eventsOf.keys(), ...ledgerOf.keys()])].map((id) => {
    const own = eventsOf.get(id) ?? [];
    const epoch = Number(id.split('/')[0]);
    const siblings = claims.get(own[0]?.task ?? '') ?? [];
    return {
      id,
      events: own,
      ledger: (ledgerOf.get(id) ?? []).map(({ sha256 }) => sha256),
      isLoaded: loaded.has(epoch),
      laterClaims: siblings.filter((claim) => claim.epoch > epoch).map((claim) => claim.index),
    };
  });
}

function count(events: HistoryEvent[], batches: BatchHistory[]): HistoryCounts {
  const batchesWith = (event: BatchEvent['event']) => batches.filter((batch) => has(batch, event));
  const times = (event: HistoryEvent['event']) => events.filter((one) => one.event === event).length;
  const delivered = batchesWith('deliver').length;
  const committed = batches.filter((batch) => batch.ledger.length > 0 || has(batch, 'commit'));
  return {
    attempts: times('claim'),
    published: batchesWith('publish').length,
    confirmed: batchesWith('confirm').length,
    delivered,
    redelivered: times('deliver') - delivered,
    committed: committed.length,
    rows: committed.reduce((sum, batch) => sum + (batch.events[0]?.rows ?? 0), 0),
    fenced: times('fence'),
    acked: batchesWith('ack').length,
  };
}

function isClaim<Event extends HistoryEvent>(event: Event): event is Event & ClaimEvent {
  return event.event === 'claim';
}

function isBatchEvent<Event extends HistoryEvent>(event: Event): event is Event & BatchEvent {
  return 'sha256' in event;
}

function batchId({ epoch, seq }: { epoch: number; seq: number }): string {
  return `${epoch}/${seq}`;
}

function of(batch: BatchHistory, event: BatchEvent['event']): Indexed<BatchEvent>[] {
  return batch.events.filter((one) => one.event === event);
}

function has(batch: BatchHistory, event: BatchEvent['event']): boolean {
  return of(batch, event).length > 0;
}
