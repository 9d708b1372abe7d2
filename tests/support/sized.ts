/** CI runs a form of a few minutes; `npm run chaos` the full one. */
const isFull = process.env['CHAOS'] === 'full';

export function sized<T>(sizes: { ci: T; full: T }): T {
  return isFull ? sizes.full : sizes.ci;
}
