export { checkConfig, readConfigFile } from './check-config.ts';
export { ConfigError, type Dialect, type GuardConfig, type LogFormat } from './config.ts';
export { CONFIG_SCHEMA } from './config-schema.ts';
export type { PrintOptions } from './print/front-server.ts';
export { FRONT_SERVERS, type FrontServer, printConfiguration } from './print/print.ts';
export { type GuardServer, startGuardServer } from './server.ts';
