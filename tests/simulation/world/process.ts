/** A process of the platform: what dies, freezes and starts again as one. */
export class Process {
  readonly name: string;
  /** Starts its actors, with an empty memory. */
  readonly boot: (process: Process) => void;
  isAlive = false;
  /** Until this time nothing of it moves (SIGSTOP, a pause of the collector, a swapped machine). */
  frozenUntil = 0;
  /** Incremented by every death: connections of an earlier life are gone. */
  life = 0;

  constructor(name: string, boot: (process: Process) => void) {
    this.name = name;
    this.boot = boot;
  }
}

/** One thread of a process: it does one thing after the other. */
export interface Actor {
  readonly name: string;
  readonly process: Process;
}
