import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { z } from 'zod';

/** Every server of ours listens here and nowhere else. */
export const LOOPBACK = '127.0.0.1';

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

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

async function isFree(port: number): Promise<boolean> {
  return await listenOnce(port).then(
    () => true,
    () => false,
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}

function readPorts(file: string): Record<string, number> {
  try {
    return Ports.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
