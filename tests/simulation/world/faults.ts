import type { DatabaseFaults } from '../database/database.ts';
import type { Random } from './random.ts';

/** Probabilities of everything that may go wrong, each per occasion. */
const RATES = {
  /** Per step of the world. */
  kill: 0.012,
  freeze: 0.01,
  databaseRestart: 0.004,
  brokerWipe: 0.003,
  connectionLost: 0.006,
  sourceChange: 0.04,
  /** Per statement. */
  cutStatement: 0.01,
  /** Per commit. */
  commitRefused: 0.02,
  responseLost: 0.05,
  /** Per message. */
  publishLost: 0.05,
  confirmLost: 0.1,
  duplicate: 0.08,
  reorder: 0.5,
  returned: 0.04,
  /** Per turn of a scheduler that stands by: it believes that it leads. */
  secondLeader: 0.15,
  /** Per pause of the operator. */
  operatorCommand: 0.4,
  /** Per page. */
  sourceError: 0.05,
  earlyEnd: 0.04,
  shutdown: 0.02,
  flush: 0.2,
} as const;

export type Fault = keyof typeof RATES;

/** The faults of one seed. Some seeds know only some of them, and some know them well: one that strikes all the time would hide what only a
 *  long quiet stretch can show. */
export class Faults implements DatabaseFaults {
  isOn = true;
  readonly #random: Random;
  readonly #rates: ReadonlyMap<string, number>;

  constructor(random: Random) {
    this.#random = random;
    this.#rates = new Map(
      Object.entries(RATES).map(([name, rate]) => [name, random.chance(0.4) ? 0 : rate * (0.3 + 2 * random.next())]),
    );
  }

  strikes(fault: Fault): boolean {
    return this.isOn && this.#random.chance(this.#rates.get(fault) ?? 0);
  }

  cutsStatement(): boolean {
    return this.strikes('cutStatement');
  }

  commit(): 'confirmed' | 'refused' | 'response-lost' {
    if (this.strikes('commitRefused')) return 'refused';
    return this.strikes('responseLost') ? 'response-lost' : 'confirmed';
  }
}
