import about from '../package.json' with { type: 'json' };

/** Of this scheduler. */
export const VERSION: string = about.version;
