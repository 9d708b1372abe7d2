/** One line a minute of the same cause is enough to see it and when it ends. */
const PERIOD_MS = 60_000;
/** Causes remembered; the oldest is forgotten first. */
const CAUSES_MAX = 100;

export interface LogThrottle {
  /** Undefined: the cause was told of less than a minute ago. Else how often it came since. */
  due(cause: string): { repeated: number } | undefined;
}

/** Bounds what a loop logs: whatever repeats twice a second is told once a minute, with the number of times.
 *  @param now milliseconds, only ever growing */
export function createLogThrottle(
  now: () => number = () => performance.now(),
  periodMs: number = PERIOD_MS,
): LogThrottle {
  const causes = new Map<string, { toldAt: number; repeated: number }>();
  return {
    due: (cause) => {
      const known = causes.get(cause);
      if (known !== undefined && now() - known.toldAt < periodMs) {
        known.repeated += 1;
        return undefined;
      }
      causes.delete(cause);
      causes.set(cause, { toldAt: now(), repeated: 0 });
      const [oldest] = causes.keys();
      if (causes.size > CAUSES_MAX && oldest !== undefined) causes.delete(oldest);
      return { repeated: known?.repeated ?? 0 };
    },
  };
}

/** For what the whole process waits for: whichever of its loops and attempts meets it, one line a minute tells of it. */
export const processThrottle: LogThrottle = createLogThrottle();
