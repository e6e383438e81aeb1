import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// The house as it stands, copied below `build/`, so that a wall can be broken there and nowhere else. Packages are found above it.
const project = join(import.meta.dirname, '../..')
const rooms = ['contract', 'actors', 'server', 'client', 'load', 'migrations', 'package.json', 'tsconfig.json']
const leftOut = new Set(['node_modules', 'dist', 'e2e', 'test'])
let house: string

beforeAll(() => {
  mkdirSync(join(project, 'build'), { recursive: true })
  house = mkdtempSync(join(project, 'build/house-'))
  for (const room of rooms) {
    cpSync(join(project, room), join(house, room), {
      recursive: true,
      filter: (path) => !leftOut.has(basename(path)) && !/\.test\.tsx?$/.test(path),
    })
  }
})

afterAll(() => rmSync(house, { recursive: true, force: true }))

function compile(room: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout } = spawnSync(join(project, 'node_modules/.bin/tsc'), ['-b', room], { cwd: house, encoding: 'utf8' })
  return { status, output: stdout }
}

function withFile<Answer>(path: string, text: string, look: () => Answer): Answer {
  writeFileSync(join(house, path), text)
  try {
    return look()
  } finally {
    rmSync(join(house, path))
  }
}

describe('imports go one way, and the compiler says so', () => {
  it.each(['actors', 'client', 'server'])('%s compiles as it stands', (room) => {
    expect(compile(room)).toEqual({ status: 0, output: '' })
  })

  it.each([
    ['actors', 'an actor that imports the server', "import { start } from '#server/start.ts'\nexport const wrong = start\n", 'TS6307'],
    ['actors', 'an actor that calls setTimeout', 'export const wrong = setTimeout(() => {}, 1)\n', 'TS2304'],
    [
      'client',
      'a client that imports an actor',
      "import { makeSystem } from '#actors/system.ts'\nexport const wrong = makeSystem\n",
      'TS6307',
    ],
    [
      'contract',
      'a contract that imports an actor',
      "import { makeSystem } from '#actors/system.ts'\nexport const wrong = makeSystem\n",
      'TS6307',
    ],
    ['actors', 'an actor that reads a file', "import { readFileSync } from 'node:fs'\nexport const wrong = readFileSync\n", 'TS2591'],
  ])('%s: %s does not compile', (room, _what, text, code) => {
    const { status, output } = withFile(`${room}/wrong.ts`, text, () => compile(room))
    expect(status).not.toBe(0)
    expect(output).toContain(code)
    expect(output).toContain('wrong.ts')
  })

  it.each([
    ['actors', "import { ok } from '#contract/result.ts'\nexport const right = ok\n"],
    ['client', "import { ok } from '#contract/result.ts'\nexport const right = setTimeout(() => ok(), 1)\n"],
  ])('%s: what the house allows compiles', (room, text) => {
    expect(withFile(`${room}/right.ts`, text, () => compile(room))).toEqual({ status: 0, output: '' })
  })
})
