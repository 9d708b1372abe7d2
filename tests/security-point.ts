/** A weakness that systems of this kind have had, what is done against it, and the tests that show it. */
export interface SecurityPoint {
  point: string;
  done: string;
  tests: { file: string; name: string }[];
  /** What is not done, or not tested. */
  open?: string;
}
