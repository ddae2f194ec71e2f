export { createLogger, type LogContext, type Logger, type LoggerOptions, withLogContext } from './logger.ts'
export { type Metrics, openMetrics } from './metrics.ts'
