export {
  type Config,
  type ConfigFile,
  type ConfigSource,
  defineConfig,
  environmentVariables,
  loadConfig,
} from './config.ts'
export { Secret } from './secret.ts'
