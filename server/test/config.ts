import { type Config, parseConfig } from '#server/config.ts'

/** The configuration of an environment that must be good. */
export function unwrapConfig(environment: Readonly<Record<string, string>>): Config {
  const config = parseConfig(environment)
  if (!config.ok) throw new Error(JSON.stringify(config.error))
  return config.value
}
