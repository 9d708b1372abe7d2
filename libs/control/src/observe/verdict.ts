import type { Verdict } from '@pipeline/protocol/api';

/** What the verdict is made of. */
export interface Facts {
  hasLeader: boolean;
  /** Why RabbitMQ takes nothing. Null: it does. */
  brokerBlockedBecause: string | null;
  violations: number;
  /** Incidents that need a person and follow from no other. */
  incidents: number;
  streams: number;
  freshStreams: number;
  lateStreams: number;
  /** Every pipeline is paused. */
  pause: { by: string; since: string; reason: string | null } | null;
  hasPipeline: boolean;
  hasCycleEnded: boolean;
  rowsSoFar: number;
}

/** The one sentence about everything: the first of these that fits. */
export function verdictOf(facts: Facts): Verdict {
  const down = downBecause(facts);
  if (down !== undefined) return { state: 'down', title: 'Nothing runs', text: down, count: facts.incidents };
  const { incidents, lateStreams, streams, freshStreams } = facts;
  const fresh = `${freshStreams} of ${streams} streams are fresh and complete.`;
  if (incidents > 0) {
    return {
      state: 'attention',
      title: incidents === 1 ? '1 thing needs you' : `${incidents} things need you`,
      text: `${fresh} Everything else goes on.`,
      count: incidents,
    };
  }
  if (lateStreams > 0 && facts.hasCycleEnded) {
    return {
      state: 'late',
      title: lateStreams === 1 ? '1 stream is late' : `${lateStreams} streams are late`,
      text: fresh,
      count: 0,
    };
  }
  if (facts.pause !== null) return { state: 'paused', title: 'Paused', text: pausedText(facts.pause), count: 0 };
  if (!facts.hasPipeline) {
    return {
      state: 'first',
      title: 'Nothing is connected yet',
      text: 'Connect a source, or set the variables of one: .env.sample lists them.',
      count: 0,
    };
  }
  if (!facts.hasCycleEnded) {
    return {
      state: 'first',
      title: 'First cycle',
      text: `${facts.rowsSoFar.toLocaleString('en-GB')} rows so far.`,
      count: 0,
    };
  }
  return { state: 'fine', title: 'Everything is fresh', text: fresh, count: 0 };
}

/** The verdict while PostgreSQL cannot be asked.
 *  @param trouble `PostgreSQL refuses the login` */
export function verdictWithoutDatabase(trouble: string, incidents: number): Verdict {
  const text = `${trouble}. Everything waits and goes on by itself afterwards; this is what was known before.`;
  return { state: 'down', title: 'Nothing runs', text, count: incidents };
}

function downBecause(facts: Facts): string | undefined {
  if (facts.brokerBlockedBecause !== null)
    return `RabbitMQ takes no messages: ${facts.brokerBlockedBecause}. Everything waits.`;
  if (facts.violations > 0)
    return `${facts.violations} invariants are broken: this is a defect. Please report it with the logs of that time.`;
  if (!facts.hasLeader) return 'No scheduler leads: no run starts.';
  return undefined;
}

function pausedText({ by, since, reason }: { by: string; since: string; reason: string | null }): string {
  return `By ${by} since ${since.slice(0, 16).replace('T', ' ')} UTC${reason === null ? '' : `: ${reason}`}.`;
}
