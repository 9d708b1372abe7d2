export * from './catalog.ts';
export * from './json.ts';
export * from './message.ts';
export * from './schema.ts';
export * from './state.ts';
