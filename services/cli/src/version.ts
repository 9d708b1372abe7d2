import about from '../package.json' with { type: 'json' };

/** Of this command line. */
export const VERSION: string = about.version;
