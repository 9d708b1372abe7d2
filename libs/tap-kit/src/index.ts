export { discoverCatalog } from './catalog.ts';
export { type ConfigFile, parseConfigFile, readConfigFile } from './config-file.ts';
export { tapProblems } from './conformance.ts';
export { messageProblems } from './conformance-messages.ts';
export * from './declaration.ts';
export * from './http-policy.ts';
export { runTap } from './run-tap.ts';
export { variablesOf } from './service/environment-settings.ts';
