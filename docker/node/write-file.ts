import { renameSync, writeFileSync } from 'node:fs';

/** Nobody else mounts the folder; PostgreSQL and RabbitMQ read it under users of their own. */
const MODE = 0o444;

/** Writes a file as a whole or not at all. */
export function write(path: string, text: string): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, text, { mode: MODE });
  renameSync(draft, path);
}
