export { serviceConfig } from '../service/service-config.ts';
export { type ConfigFile, parseConfigFile, readConfigFile, withSelection } from './config-file.ts';
export { selectVariable, variablesOf } from './environment-settings.ts';
