import { expect, test } from 'vitest'
import { parseShape } from './shape.ts'

const stage = { stage: 'polling', part: 1, speed: 60, phase: 'polling', away: 0.2, hourly: { marker: { mark: 75 } } }
const crew = { crew: ['marker', 'counter'] }

test('a shape is a crew and its stages', () => {
  expect(parseShape([crew, { ...stage, part: 0.4 }, { ...stage, part: 0.6 }])).toEqual({
    crew: ['marker', 'counter'],
    stages: [
      { ...stage, part: 0.4 },
      { ...stage, part: 0.6 },
    ],
  })
})

test.each([
  ['no crew', [stage], 'a crew'],
  ['no stage', [crew], 'a stage'],
  ['parts that are not a whole', [crew, { ...stage, part: 0.5 }], 'add up to 1, and are 0.5'],
  ['a phase nobody knows', [crew, { ...stage, phase: 'dinner' }], 'step 2: phase must be one of'],
  ['a role nobody has', [crew, { ...stage, hourly: { baker: { mark: 1 } } }], 'step 2: nobody of the crew is a baker'],
  ['a doing nobody knows', [crew, { ...stage, hourly: { marker: { sing: 1 } } }], 'step 2: nobody knows how to sing'],
  ['a pace out of bounds', [crew, { ...stage, hourly: { marker: { mark: 1e9 } } }], 'step 2: mark must be from'],
  ['a speed out of bounds', [crew, { ...stage, speed: 0 }], 'step 2: speed must be a number from 1 to 1000'],
])('%s is refused with a sentence', (_what, flow, sentence) => {
  expect(() => parseShape(flow)).toThrow(sentence)
})
