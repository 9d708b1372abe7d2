import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { z } from 'zod';

/** Every server of ours listens here and nowhere else. */
export const LOOPBACK = '127.0.0.1';

const LOWEST = 20_000;
const HIGHEST = 32_767;
const TRIES_MAX = 100;

const Ports = z.record(z.string(), z.int().min(1).max(65_535));

/** A port for each name: the one remembered in `file` if nobody listens there, else a free one, which is remembered. So a
 *  restart keeps its addresses and two installations on one machine never meet. */
export async function rememberedPorts<Name extends string>(
  file: string,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const known = readPorts(file);
  const entries: [Name, number][] = [];
  for (const name of names) {
    const port = known[name];
    const taken = entries.some(([, other]) => other === port);
    entries.push([name, port !== undefined && !taken && (await isFree(port)) ? port : await freePort()]);
  }
  const ports = Object.fromEntries(entries) as Record<Name, number>;
  writeFileSync(file, `${JSON.stringify({ ...known, ...ports }, undefined, 2)}\n`);
  return ports;
}

/** A port that nobody listens on now, below those that systems hand out by themselves (Linux: 32768 and up): while a server
 *  restarts, no outgoing connection and no other program gets its port by chance. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port found between ${LOWEST} and ${HIGHEST} in ${TRIES_MAX} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function readPorts(file: string): Record<string, number> {
  try {
    return Ports.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
