import { judgeErrors, type RepeatedErrors } from './repeated-errors.ts';
import { within } from './timeout.ts';

export interface LeaseOptions {
  /** How long the lease lives without a renewal, in milliseconds. */
  leaseMs: number;
  /** Renews it. False: it belongs to somebody else by now. */
  renew: () => Promise<boolean>;
  /** Called once: the lease belongs to somebody else, or could not be renewed for as long as it lasts. */
  onLost: () => void;
  /** Renewals that failed are judged as the steps of a loop are; each is tried again soon. */
  errors: RepeatedErrors;
  /** Told of each renewal with the instant it was asked for (`performance.now()`): from then on the lease counts anew. */
  onRenewed?: (askedAt: number) => void;
}

export interface Lease {
  /** Renews no more. */
  release(): void;
}

/** Renewals within one lease: three may fail before it runs out. */
const RENEWALS_PER_LEASE = 4;
/** After a renewal that failed the next comes this much sooner. */
const SOONER = 5;

/** Keeps a lease that was just taken, on a timer of its own, so that neither slow work nor back-pressure loses it. */
export function keepLease({ leaseMs, renew, onLost, onRenewed, errors }: LeaseOptions): Lease {
  const judge = judgeErrors(errors);
  const renewalMs = leaseMs / RENEWALS_PER_LEASE;
  let renewedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let isReleased = false;

  const turn = async () => {
    const askedAt = performance.now();
    const renewal = renew().catch((error: unknown) => {
      judge.failed(error);
      return undefined;
    });
    // A connection may be dead without saying so: silence counts as a failure.
    const isMine = await within(renewal, renewalMs, undefined);
    if (isReleased) return;
    if (isMine === true) {
      judge.succeeded();
      renewedAt = askedAt;
      onRenewed?.(askedAt);
    }
    if (isMine === false || performance.now() - renewedAt >= leaseMs) return onLost();
    timer = setTimeout(turn, isMine === true ? renewalMs : renewalMs / SOONER);
  };
  timer = setTimeout(turn, renewalMs);
  return {
    release: () => {
      isReleased = true;
      clearTimeout(timer);
    },
  };
}
