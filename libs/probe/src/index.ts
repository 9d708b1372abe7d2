export { failpoint } from './failpoint.ts';
export * from './history.ts';
