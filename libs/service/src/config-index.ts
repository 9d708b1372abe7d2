// `@pipeline/service/config`: what reads configuration, without drivers, log and servers. Who needs no more starts in half the time.
export { type LoadedConfig, loadConfig, SECRET } from './config.ts';
export { brokerFields, databaseFields, databaseOptions, serviceFields } from './config-fields.ts';
export { type EnvSampleSection, envSample } from './env-sample.ts';
export { type Environment, processEnvironment } from './environment.ts';
export { EXIT_CODES } from './exit-codes.ts';
export { nodeOptions } from './node-options.ts';
export { Redaction } from './redaction.ts';
