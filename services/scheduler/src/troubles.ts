import type { Alert } from '@pipeline/control';
import { FAILURES, type Failure, type FailureName } from '@pipeline/protocol';

/** What passes within this time needs nobody. */
const ALERT_AFTER_MS = 20_000;
/** A failure that has not come again for so long is over: three times the pause between two tries to keep the lead. */
const OVER_AFTER_MS = 15_000;

/** What the scheduler itself waits for: the one thing that it knows while PostgreSQL is away, full or read-only. */
export interface Troubles {
  /** Takes the failures of one kind of work. */
  of(work: string): (failure: Failure) => void;
  /** Those that have lasted for 20 seconds. */
  alerts(): Alert[];
}

interface Trouble {
  failure: Failure;
  since: Date;
  lastAt: Date;
}

export function createTroubles(now: () => Date = () => new Date()): Troubles {
  const present = new Map<string, Trouble>();
  const ageMs = (at: Date) => now().getTime() - at.getTime();
  const isOver = ({ lastAt }: Trouble) => ageMs(lastAt) > OVER_AFTER_MS;
  return {
    of: (work) => (failure) => {
      const known = present.get(work);
      const goesOn = known !== undefined && known.failure.name === failure.name && !isOver(known);
      present.set(work, { failure, since: goesOn ? known.since : now(), lastAt: now() });
    },
    alerts: () => {
      const lasting = [...present].filter(([, trouble]) => !isOver(trouble) && ageMs(trouble.since) >= ALERT_AFTER_MS);
      const byName = Map.groupBy(lasting, ([, { failure }]) => failure.name);
      return [...byName].map(([name, found]) => toAlert(name, found));
    },
  };
}

function toAlert(name: FailureName, found: [work: string, trouble: Trouble][]): Alert {
  const { says, remedy } = FAILURES[name];
  const since = new Date(Math.min(...found.map(([, trouble]) => trouble.since.getTime())));
  const works = found.map(([work]) => work).join(', ');
  const code = found[0]?.[1].failure.code ?? null;
  return {
    kind: 'waiting',
    subject: name.startsWith('broker') ? 'RabbitMQ' : 'PostgreSQL',
    since,
    message: `${says}${code === null ? '' : ` (${code})`}: ${works} wait, and so does everything that is to be written`,
    remedy,
    code: code ?? 'WAITING',
  };
}
