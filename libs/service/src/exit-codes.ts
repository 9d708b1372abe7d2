/** From sysexits.h: what a supervisor should know of an exit. */
export const EXIT_CODES = { failure: 1, notReady: 75, configuration: 78 } as const;
