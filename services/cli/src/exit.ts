/** 0 done · 1 it failed · 2 usage · 3 something needs you · 4 not reachable · 5 not allowed · 6 not now. */
export const EXIT = { done: 0, failed: 1, usage: 2, attention: 3, notReachable: 4, notAllowed: 5, notNow: 6 } as const;

/** A command that ends with another code than 0 and has said why. */
export class Ended extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message = '') {
    super(message);
    this.exitCode = exitCode;
  }
}
