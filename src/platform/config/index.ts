export {
  type Config,
  type ConfigFile,
  type ConfigSource,
  defineConfig,
  environmentVariables,
  loadConfig,
  traceConfig,
} from './config.ts'
export { Secret } from './secret.ts'
