/** What keeps an invariant, the test that proves it, and the test that switches it off and sees the damage. `npm run generate` writes
 *  docs/reference/protections.md and fails when a test is not there any more. */
export interface Protection {
  protection: string;
  file: string;
  /** Names of tests of this file, or their first words. */
  test: string;
  mutation: string;
  /** The file that names the mutation, where that is another one. */
  listedIn?: string;
}
