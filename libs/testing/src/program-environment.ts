/** What a Node program of a test needs from this process to start, and no more: where programs are, and where Node keeps what it has compiled, which
 *  halves the work of a start. The test adds the variables that the program reads. */
export function programEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }) };
}
