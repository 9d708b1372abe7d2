/** How fast a stream moves: how often it is worth a call. */
export type Pace = 'fast' | 'hourly' | 'slow' | 'daily';

/** Calls a day that the minutes below are made for: four fifths of what the Starter plan allows. All streams together ask for about 700. */
export const CALLS_PLANNED = 800;

/** Minutes between two reads of a stream within {@link CALLS_PLANNED}. With another budget they stretch or shrink in proportion. */
export const MINUTES: Readonly<Record<Pace, number>> = { fast: 20, hourly: 60, slow: 360, daily: 1_440 };

/** No report or setting is worth more than this, however large the budget. */
export const MINUTES_MIN: Readonly<Record<Pace, number>> = { fast: 0, hourly: 5, slow: 30, daily: 180 };
