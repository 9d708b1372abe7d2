export { type Child, describeExit, type Exit, startChild } from './child-process.ts';
export { unpackDebianPackages } from './debian-packages.ts';
export { endLeftover, removePidFile, writePidFile } from './pid-file.ts';
export { freePort, LOOPBACK, rememberedPorts } from './ports.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts';
export { type RabbitmqOptions, type RabbitmqServer, startRabbitmq } from './rabbitmq.ts';
export { rememberedSecret } from './remembered-secret.ts';
