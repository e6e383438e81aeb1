import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { limitTable } from '#contract/limits.ts'
import { composeCommand } from './machine.ts'

// What docker-compose.yml promises, as rules over what Compose itself makes of it; each is shown to fail on a file that breaks it.
// No engine is needed to read a file.

const project = join(import.meta.dirname, '../..')
const file = readFileSync(join(project, 'docker-compose.yml'), 'utf8')
const dockerfile = readFileSync(join(project, 'deploy/Dockerfile'), 'utf8')
// Asked once: the old one is slow to start.
const command = composeCommand()

/** With nothing set, so that the defaults are what is judged. */
function compose(text: string, ...words: string[]) {
  const [program, ...first] = command ?? expect.fail('Docker Compose is missing; `make test` installs it on Debian')
  const { PORT: _port, DEMO: _demo, LOG_LEVEL: _level, COMPOSE_FILE: _file, ...env } = process.env
  return spawnSync(program, [...first, '-f', '-', 'config', ...words], { cwd: project, input: text, encoding: 'utf8', env })
}

/** The block below each of the keys at this depth (in spaces). Old and new Compose print the same YAML, as far as the rules look. */
function blocks(yaml: string, depth: number): ReadonlyMap<string, string> {
  const parts = `\n${yaml}`.split(new RegExp(`\\n {${depth}}(?=[\\w-]+:)`)).slice(1)
  return new Map(parts.map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)]))
}

type Services = ReadonlyMap<string, ReadonlyMap<string, string>>

function services(text: string): Services {
  const { status, stdout, stderr } = compose(text)
  expect(status, stderr).toBe(0)
  const found = blocks(blocks(stdout, 0).get('services') ?? '', 2)
  return new Map([...found].map(([name, block]) => [name, blocks(block, 4)]))
}

const part = (all: Services, service: string, key: string) => all.get(service)?.get(key)?.trim() ?? ''
const every = (all: Services, holds: (service: string) => boolean) => all.size > 0 && [...all.keys()].every(holds)
const waits = (all: Services, service: string, forWhat: string, condition: string) =>
  new RegExp(`\\b${forWhat}:\\s+condition: ${condition}\\b`).test(part(all, service, 'depends_on'))

const secret = /(?:PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL)(?!\w*_FILE\b)\w*\s*[:=]|:\/\/[^\s/]*:[^\s/]*@|[0-9a-f]{32}/i
const keepsSecrets = (all: Services) => every(all, (service) => !secret.test(part(all, service, 'environment')))
const runsOnce = (all: Services, service: string) =>
  /^['"]no['"]$/.test(part(all, service, 'restart')) &&
  [...all.keys()].some((other) => waits(all, other, service, 'service_completed_successfully'))

type Rule = readonly [rule: string, holds: (all: Services) => boolean, from: string | RegExp, to: string]

const rules: readonly Rule[] = [
  ['no secret stands in the environment of a service', keepsSecrets, 'DEMO: $', 'JWT_SECRET: easy\n      DEMO: $'],
  ['nor in an address there', keepsSecrets, 'DEMO: $', 'STORE: postgres://lajna:easy@postgres/lajna\n      DEMO: $'],
  [
    'the database waits for its password, the migrations for the database, the server for the migrations',
    (all) =>
      waits(all, 'postgres', 'secrets', 'service_completed_successfully') &&
      waits(all, 'migrate', 'postgres', 'service_healthy') &&
      waits(all, 'server', 'migrate', 'service_completed_successfully'),
    /(migrate:\s+condition: )service_completed_successfully/,
    '$1service_started',
  ],
  [
    'what stays comes back by itself; the rest runs once, and something waits for its success',
    (all) => every(all, (service) => part(all, service, 'restart') === 'unless-stopped' || runsOnce(all, service)),
    'restart: unless-stopped',
    'restart: "no"',
  ],
  [
    'what stays says whether it is well',
    (all) => every(all, (service) => runsOnce(all, service) || part(all, service, 'healthcheck').includes('test:')),
    /healthcheck:\n(?: {6}.*\n)+/,
    '',
  ],
  [
    'nothing is open to other machines',
    (all) =>
      every(all, (service) => {
        const ports = part(all, service, 'ports')
        return ports === '' || ports.split(/^ *- /m).every((port) => port.trim() === '' || port.includes('127.0.0.1'))
      }),
    '- 127.0.0.1:$',
    '- 127.0.0.1:9:9\n      - $$',
  ],
  [
    'images are the one we build and postgres:17',
    (all) => every(all, (service) => ['lajna', 'postgres:17'].includes(part(all, service, 'image'))),
    'image: postgres:17',
    'image: postgres:latest',
  ],
  [
    'nothing can write to its own program or gain privileges',
    (all) =>
      every(
        all,
        (service) =>
          part(all, service, 'read_only') === 'true' &&
          part(all, service, 'cap_drop') === '- ALL' &&
          part(all, service, 'security_opt') === '- no-new-privileges:true',
      ),
    '<<: *locked\n    image: postgres:17',
    'image: postgres:17',
  ],
  [
    'a stopped server has the time to save what it holds',
    (all) => Number.parseInt(part(all, 'server', 'stop_grace_period'), 10) * 1_000 > limitTable.drain_ms.default + 3_000,
    'stop_grace_period: 20s',
    'stop_grace_period: 10s',
  ],
]

describe('docker-compose.yml', () => {
  let asItStands: Services
  beforeAll(() => {
    asItStands = services(file)
  })

  test('is valid, for the Compose of this machine', () => {
    expect(compose(file, '-q')).toMatchObject({ status: 0, stdout: '', stderr: '' })
    expect(compose(file.replace('restart:', 'restrat:'), '-q').status).not.toBe(0)
  })

  test.each(rules)('%s', (_rule, holds, from, to) => {
    expect(holds(asItStands)).toBe(true)
    const broken = file.replace(from, to)
    expect(broken).not.toBe(file)
    expect(holds(services(broken))).toBe(false)
  })
})

describe('the image', () => {
  const bases = (text: string) => [...text.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)

  test('is made of node:24-bookworm-slim alone', () => {
    expect(new Set(bases(dockerfile))).toEqual(new Set(['node:24-bookworm-slim']))
  })

  test('runs as an unprivileged user', () => {
    expect(dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))).toMatch(/^USER node$/m)
  })
})
