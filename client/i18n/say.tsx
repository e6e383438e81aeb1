import { translator } from '@solid-primitives/i18n'
import { createMemo, createRoot, type JSX } from 'solid-js'
import { digits, language } from '../settings.ts'
import { ar } from './ar.ts'
import { inDigits } from './digits.ts'
import { en } from './en.ts'
import { type Arguments, formFor, partsOf, type WordKey } from './words.ts'

const dictionaries = { ar, en }
const rules = { ar: new Intl.PluralRules('ar'), en: new Intl.PluralRules('en') }

const entryOf = translator(() => dictionaries[language()])

/** Sentences of the language and digits of the moment, taken apart when first said: rows say the same few with every change. */
const known = createRoot(() => createMemo(() => ({ language: language(), digits: digits(), parts: new Map<string, readonly string[]>() })))

function sentenceOf(key: WordKey, n: unknown): readonly string[] {
  const { language, digits, parts } = known()
  const sentence = formFor(entryOf(key), n, rules[language])
  const before = parts.get(sentence)
  if (before !== undefined) return before
  const made = partsOf(sentence).map((part, index) => (index % 2 === 0 ? inDigits(part, digits) : part))
  parts.set(sentence, made)
  return made
}

/** A day of them. */
const minutes_max = 1_440

/** One of each for the language and digits of the moment: to make one costs a hundred times what it costs to use it. */
const formats = createRoot(() =>
  createMemo(() => {
    const locale = `${language()}-u-nu-${digits()}`
    return {
      figure: new Intl.NumberFormat(locale),
      clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      /** Minutes since 1970, and how the clock says them: the rows of a screen share a few. */
      minutes: new Map<number, string>(),
      second: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
      day: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' }),
    }
  }),
)

/** A figure in the chosen digits, grouped: 1,204. Below a thousand there is nothing to group, and no need for the slow way. */
export const figure = (n: number): string => (Number.isInteger(n) && n >= 0 && n < 1_000 ? numeral(n) : formats().figure.format(n))

/** A figure that names something (serial, ballot, candidate): never grouped. */
export const numeral = (n: number | string): string => inDigits(String(n), digits())

/** Hours and minutes: 14:09. */
export function clock(at_ms: number): string {
  const { clock, minutes } = formats()
  const minute = Math.floor(at_ms / 60_000)
  const before = minutes.get(minute)
  if (before !== undefined) return before
  if (minutes.size >= minutes_max) minutes.clear()
  const made = clock.format(at_ms)
  minutes.set(minute, made)
  return made
}

/** A time to come or past: 14:09 today, with the day on any other. */
export function moment(at_ms: number): string {
  if (new Date(at_ms).toDateString() === new Date().toDateString()) return clock(at_ms)
  return `${formats().day.format(at_ms)} · ${clock(at_ms)}`
}

/** To the second, with its day: 23 November · 14:09:31. */
export const instant = (at_ms: number): string => `${formats().day.format(at_ms)} · ${formats().second.format(at_ms)}`

type Shown = JSX.Element

/** A sentence for the screen. Numbers are written in the chosen digits, and every value stands in its own `<bdi>`. */
export function say<Key extends WordKey>(key: Key, ...[values]: Arguments<Key, Shown>): JSX.Element {
  const at = values as Readonly<Record<string, Shown>> | undefined
  return sentenceOf(key, at?.n).map((part, index) => {
    if (index % 2 === 0) return part
    const value = at?.[part]
    const shown = typeof value === 'number' ? figure(value) : value // known here: as an expression in the markup it would be an effect
    return <bdi>{shown}</bdi>
  })
}

// First strong isolate … pop: what `<bdi>` is in text that takes no markup (labels, titles).
const isolate = (text: string): string => `\u2068${text}\u2069`

/** The same for attributes: labels, placeholders, titles. */
export function text<Key extends WordKey>(key: Key, ...[values]: Arguments<Key, string | number>): string {
  const at = values as Readonly<Record<string, string | number>> | undefined
  return sentenceOf(key, at?.n)
    .map((part, index) => {
      if (index % 2 === 0) return part
      const value = at?.[part] ?? ''
      return isolate(typeof value === 'number' ? figure(value) : value)
    })
    .join('')
}
