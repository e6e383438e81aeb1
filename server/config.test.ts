import { describe, expect, test } from 'vitest'
import { defaultLimits, limitTable } from '#contract/limits.ts'
import { limitVariable, parseConfig, variableTable } from './config.ts'

const problemsOf = (environment: Record<string, string>) => {
  const config = parseConfig(environment)
  return config.ok ? [] : config.error.map((problem) => problem.variable)
}

test('an empty environment is a good one: port 3000 on the loopback, embedded database, no demo, the limits of the table', () => {
  const config = parseConfig({})
  expect(config).toMatchObject({
    ok: true,
    value: { port: 3000, host: '127.0.0.1', databaseUrl: undefined, demo: false, token_s: 900, refresh_days: 30, trustProxy: false },
  })
  expect(config.ok && config.value.limits).toEqual(defaultLimits)
})

test('an empty value is an unset one', () => {
  expect(parseConfig({ PORT: '', DATABASE_URL: '', LIMIT_DRAIN_MS: '' })).toMatchObject({ ok: true, value: { port: 3000 } })
})

test('everything that is wrong is listed at once, and no value of a secret', () => {
  const config = parseConfig({
    PORT: '70000',
    DATABASE_URL: 'mysql://somewhere',
    DEMO: 'yes',
    LOG_LEVEL: 'loud',
    NODE_ENV: 'production',
    JWT_SECRET: 'short-secret',
    PUBLIC_URL: 'lajna.example',
    TRUST_PROXY: 'everyone',
    LIMIT_DRAIN_MS: '0',
    LIMIT_DRIAN_MS: '5',
    REDIS_URL: 'localhost',
    INSTANCE: 'a b',
  })
  expect(config.ok ? [] : config.error.map((problem) => problem.variable)).toEqual([
    'PORT',
    'DATABASE_URL',
    'REDIS_URL',
    'JWT_SECRET',
    'DEMO',
    'INSTANCE',
    'LOG_LEVEL',
    'TRUST_PROXY',
    'PUBLIC_URL',
    'LIMIT_DRAIN_MS',
    'LIMIT_DRIAN_MS',
  ])
  expect(JSON.stringify(config)).not.toContain('short-secret')
})

describe('JWT_SECRET', () => {
  test.each([
    { production: true, secret: 'x'.repeat(32), good: true },
    { production: true, secret: 'x'.repeat(31), good: false },
    { production: true, secret: 'ع'.repeat(16), good: true },
    { production: true, secret: '', good: false },
    { production: false, secret: 'short', good: true },
    { production: false, secret: '', good: true },
  ])('$secret, production $production: $good', ({ production, secret, good }) => {
    expect(problemsOf({ JWT_SECRET: secret, ...(production ? { NODE_ENV: 'production' } : {}) })).toEqual(good ? [] : ['JWT_SECRET'])
  })
})

test.each([
  ['0', false],
  ['1', 1],
  ['loopback, 10.0.0.0/8', ['loopback', '10.0.0.0/8']],
])('TRUST_PROXY %s', (text, expected) => {
  expect(parseConfig({ TRUST_PROXY: text })).toMatchObject({ ok: true, value: { trustProxy: expected } })
})

test('PUBLIC_URL gives origins, without their paths', () => {
  expect(parseConfig({ PUBLIC_URL: 'https://lajna.example/app, http://10.0.0.1:8080' })).toMatchObject({
    value: { publicOrigins: ['https://lajna.example', 'http://10.0.0.1:8080'] },
  })
})

test('every limit can be set by its variable', () => {
  for (const name of Object.keys(limitTable) as (keyof typeof limitTable)[]) {
    expect(parseConfig({ [limitVariable(name)]: '12345' })).toMatchObject({ value: { limits: { ...defaultLimits, [name]: 12_345 } } })
  }
})

test('the default that the table prints is the one that holds', () => {
  const { PORT, HOST, DATA_DIR, LOG_LEVEL, TOKEN_SECONDS, REFRESH_DAYS, TRUST_PROXY } = variableTable
  const rows = { PORT, HOST, DATA_DIR, LOG_LEVEL, TOKEN_SECONDS, REFRESH_DAYS, TRUST_PROXY }
  const printed = Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.default]))
  expect(parseConfig(printed)).toEqual(parseConfig({}))
})
