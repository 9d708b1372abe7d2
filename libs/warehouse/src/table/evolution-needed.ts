import type { Needs } from './needs.ts';

/** Not an error: the records need columns that the table does not have, or wider ones. Thrown to leave a COPY. */
export class EvolutionNeeded extends Error {
  readonly needs: Needs;

  constructor(needs: Needs) {
    super('the records need other columns than the table has');
    this.needs = needs;
  }
}
