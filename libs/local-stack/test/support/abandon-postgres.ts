import { startPostgres } from '../../src/postgres.ts';

// Starts a server and dies without stopping it, as run.sh does under SIGKILL.
await startPostgres({ dataDir: process.argv[2] ?? '' });
process.kill(process.pid, 'SIGKILL');
