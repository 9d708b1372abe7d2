import { readFileSync } from 'node:fs';

/** PostgreSQL refuses to run as root; as root we run it under this user, `nobody` on Linux. */
const NOBODY = 65_534;

/** Bit of `CapBnd`, capabilities(7). */
const CAP_DAC_READ_SEARCH = 2n;

export interface Unprivileged {
  /** Who must own the files that the program insists on owning; undefined: they are its own already. */
  owner: { uid: number; gid: number } | undefined;
  /** The same program, run without root. */
  wrap(command: string, args: string[]): { command: string; args: string[] };
}

/** How to run a program that refuses root. As an ordinary user: as it is. As root: under another user by setpriv(1), which is
 *  in every Debian, with the one capability that lets it walk through folders closed to others, such as a checkout below
 *  /root: nothing has to be copied, and no folder opened. */
export function unprivileged(): Unprivileged {
  if (process.getuid?.() !== 0) return { owner: undefined, wrap: (command, args) => ({ command, args }) };
  const capability = reachCapability();
  const identity = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  // Without this bit access(2) would speak for the user alone, and initdb asks it about its binaries.
  const reach = ['--securebits=+no_setuid_fixup', `--inh-caps=+${capability}`, `--ambient-caps=+${capability}`];
  return {
    owner: { uid: NOBODY, gid: NOBODY },
    wrap: (command, args) => ({ command: 'setpriv', args: [...identity, ...reach, '--', command, ...args] }),
  };
}

/** Containers are rarely given the smaller one. */
function reachCapability(): 'dac_read_search' | 'dac_override' {
  const bounds = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${bounds}`) >> CAP_DAC_READ_SEARCH) & 1n ? 'dac_read_search' : 'dac_override';
}
