/** Of a half of V8's young generation: without a limit it grows with the hours, to 128 MB in all. A tap waits for its source most of the time, and
 *  what it reads lives until its batch is sent, however large the young generation is: 4 take 9 MB less. */
const SEMI_SPACE_MB = { tap: 4, other: 8 };

/** How Node is started for a service, wherever it runs. */
export function nodeOptions(service: string): string[] {
  const semiSpaceMb = SEMI_SPACE_MB[service.startsWith('tap-') ? 'tap' : 'other'];
  return ['--disable-warning=ExperimentalWarning', `--max-semi-space-size=${semiSpaceMb}`];
}
