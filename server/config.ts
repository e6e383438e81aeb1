import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { type Limits, limitTable } from '#contract/limits.ts'
import { err, ok, type Result } from '#contract/result.ts'

/** One thing wrong with one variable; a start that fails names all of them. Never holds the value of a secret. */
export type Problem = { readonly variable: string; readonly problem: string }

type Environment = Readonly<Record<string, string | undefined>>

type Variable<Value> = {
  /** As the README prints it. */
  readonly default: string
  readonly meaning: string
  /** `text` is undefined where the variable is unset or empty. */
  readonly parse: (text: string | undefined, environment: Environment) => Result<Value, string>
}

const variable = <Value>(
  standard: string,
  meaning: string,
  parse: (text: string | undefined, environment: Environment) => Result<Value, string>,
): Variable<Value> => ({ default: standard, meaning, parse })

const whole = (standard: number, from: number, to: number) => (text: string | undefined) => {
  if (text === undefined) return ok(standard)
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  return value >= from && value <= to ? ok(value) : err(`must be a whole number from ${from} to ${to}`)
}

const url = (protocols: readonly string[]) => (text: string | undefined) => {
  if (text === undefined) return ok(undefined)
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  return parsed && protocols.includes(parsed.protocol) ? ok(text) : err(`must be a URL that begins with ${protocols.join('// or ')}//`)
}

const oneOf =
  <Choice extends string>(standard: Choice, choices: readonly Choice[]) =>
  (text: string | undefined): Result<Choice, string> => {
    const found = text === undefined ? standard : choices.find((choice) => choice === text)
    return found === undefined ? err(`must be one of ${choices.join(', ')}`) : ok(found)
  }

/** What Express's `trust proxy` takes: false, a number of hops, or the proxies' addresses. */
function trustProxy(text: string | undefined): Result<false | number | readonly string[], string> {
  if (text === undefined || text === '0') return ok(false)
  if (/^[1-9]$/.test(text)) return ok(Number(text))
  const addresses = text.split(',').map((part) => part.trim())
  return addresses.every((part) => /^(?:loopback|linklocal|uniquelocal|[0-9a-f:.]+(?:\/\d{1,3})?)$/i.test(part) && !/^\d+$/.test(part))
    ? ok(addresses)
    : err('must be a number of proxies (0 to 9), or their addresses, separated by commas')
}

const jwtSecretBytes_min = 32

/** Outside production a short secret is the operator's own business (a test), but an empty one is unset. */
function jwtSecret(text: string | undefined, environment: Environment): Result<string | undefined, string> {
  if (environment.NODE_ENV !== 'production') return ok(text)
  if (text === undefined) return err('must be set where NODE_ENV is production')
  return Buffer.byteLength(text) >= jwtSecretBytes_min ? ok(text) : err(`must have at least ${jwtSecretBytes_min} bytes`)
}

function origins(text: string | undefined): Result<readonly string[], string> {
  const parts = (text ?? '').split(',').flatMap((part) => part.trim() || [])
  const parsed = parts.map((part) => (URL.canParse(part) ? new URL(part) : undefined))
  return parsed.every((one) => one?.protocol === 'https:' || one?.protocol === 'http:')
    ? ok(parsed.map((one) => one?.origin ?? ''))
    : err('must be http:// or https:// URLs, separated by commas')
}

export const variableTable = {
  PORT: variable('3000', 'HTTP, WebSocket and client on one port; 0 takes a free one', whole(3000, 0, 65_535)),
  HOST: variable('127.0.0.1', 'address to listen on; 0.0.0.0 for every one', (text) => ok(text ?? '127.0.0.1')),
  DATABASE_URL: variable('', 'Postgres; unset: an embedded one under `DATA_DIR`', url(['postgres:', 'postgresql:'])),
  DATA_DIR: variable('./data', 'embedded database and generated secret', (text) => ok(resolve(text ?? './data'))),
  REDIS_URL: variable(
    '',
    'Redis 6 or later, between several processes on one database; unset: they follow each other through the database, and their people do not see each other',
    url(['redis:', 'rediss:']),
  ),
  JWT_SECRET: variable(
    '',
    'signs access tokens; unset: generated and kept in `DATA_DIR`; needed, with at least 32 bytes, in production',
    jwtSecret,
  ),
  NODE_ENV: variable('', '`production` makes `JWT_SECRET` compulsory', (text) => ok(text)),
  DEMO: variable('0 (1 in `make up`)', 'load the demo election into an empty database', (text) => {
    const choice = oneOf('0', ['0', '1'])(text)
    return choice.ok ? ok(choice.value === '1') : choice
  }),
  INSTANCE: variable('host name and pid', 'name in logs, metrics and the journal', (text) => {
    const name = text ?? `${hostname().slice(0, 80)}-${process.pid}`
    return /^[\w.-]{1,100}$/.test(name) ? ok(name) : err('must be 1 to 100 letters, digits, dots, hyphens or underscores')
  }),
  LOG_LEVEL: variable(
    'info',
    'trace, debug, info, warn, error or silent; JSON lines, pretty on a terminal',
    oneOf('info', ['trace', 'debug', 'info', 'warn', 'error', 'silent']),
  ),
  TRUST_PROXY: variable('0', 'behind nginx: how many proxies to believe, or their addresses', trustProxy),
  PUBLIC_URL: variable('', 'addresses the app is opened at; other origins may not open a WebSocket. Unset: the same origin only', origins),
  TOKEN_SECONDS: variable('900', 'life of an access token', whole(900, 5, 86_400)),
  REFRESH_DAYS: variable('30', 'life of a refresh cookie, from its last use', whole(30, 1, 365)),
} as const

type ValueOf<V> = V extends Variable<infer Value> ? Value : never
type Values = { readonly [Name in keyof typeof variableTable]: ValueOf<(typeof variableTable)[Name]> }

export type Config = {
  readonly port: number
  readonly host: string
  /** Undefined: the embedded Postgres under `dataDir`. */
  readonly databaseUrl: string | undefined
  /** Absolute. */
  readonly dataDir: string
  readonly redisUrl: string | undefined
  /** Undefined: kept in `dataDir`, generated by the first start. */
  readonly jwtSecret: string | undefined
  readonly demo: boolean
  readonly instance: string
  readonly logLevel: Values['LOG_LEVEL']
  readonly trustProxy: false | number | readonly string[]
  /** Origins, without a path; empty: the same origin as the page only. */
  readonly publicOrigins: readonly string[]
  readonly token_s: number
  readonly refresh_days: number
  readonly limits: Limits
}

/** Names of limits as variables: `LIMIT_UPDATE_BYTES_MAX`. */
export const limitVariable = (name: keyof Limits) => `LIMIT_${name.toUpperCase()}`

/** Reads the environment. All that is wrong is listed at once; a `LIMIT_…` that names no limit is wrong too (a typing error). */
export function parseConfig(environment: Environment): Result<Config, readonly Problem[]> {
  const problems: Problem[] = []
  const take = <Value>(name: string, parse: Variable<Value>['parse']): Value | undefined => {
    const parsed = parse(environment[name] || undefined, environment)
    if (parsed.ok) return parsed.value
    problems.push({ variable: name, problem: parsed.error })
    return undefined
  }
  const values = Object.fromEntries(Object.entries(variableTable).map(([name, row]) => [name, take<unknown>(name, row.parse)])) as Values
  const limitNames = Object.keys(limitTable) as (keyof Limits)[]
  const limits = Object.fromEntries(
    limitNames.map((name) => [name, take(limitVariable(name), whole(limitTable[name].default, 1, 2 ** 40))]),
  ) as Limits
  const known = new Set(limitNames.map(limitVariable))
  for (const name of Object.keys(environment)) {
    if (name.startsWith('LIMIT_') && !known.has(name)) problems.push({ variable: name, problem: 'names no limit' })
  }
  return problems.length > 0 ? err(problems) : ok(configOf(values, limits))
}

function configOf(values: Values, limits: Limits): Config {
  return {
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL,
    dataDir: values.DATA_DIR,
    redisUrl: values.REDIS_URL,
    jwtSecret: values.JWT_SECRET,
    demo: values.DEMO,
    instance: values.INSTANCE,
    logLevel: values.LOG_LEVEL,
    trustProxy: values.TRUST_PROXY,
    publicOrigins: values.PUBLIC_URL,
    token_s: values.TOKEN_SECONDS,
    refresh_days: values.REFRESH_DAYS,
    limits,
  }
}
