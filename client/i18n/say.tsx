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

const sentenceOf = (key: WordKey, n: unknown): readonly string[] => partsOf(formFor(entryOf(key), n, rules[language()]))

/** One of each for the language and digits of the moment: to make one costs a hundred times what it costs to use it. */
const formats = createRoot(() =>
  createMemo(() => {
    const locale = `${language()}-u-nu-${digits()}`
    return {
      figure: new Intl.NumberFormat(locale),
      clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      second: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
      day: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' }),
    }
  }),
)

/** A figure in the chosen digits, grouped: 1,204. */
export const figure = (n: number): string => formats().figure.format(n)

/** A figure that names something (serial, ballot, candidate): never grouped. */
export const numeral = (n: number | string): string => inDigits(String(n), digits())

/** Hours and minutes: 14:09. */
export const clock = (at_ms: number): string => formats().clock.format(at_ms)

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
    if (index % 2 === 0) return inDigits(part, digits())
    const value = at?.[part]
    return <bdi>{typeof value === 'number' ? figure(value) : value}</bdi>
  })
}

// First strong isolate … pop: what `<bdi>` is in text that takes no markup (labels, titles).
const isolate = (text: string): string => `\u2068${text}\u2069`

/** The same for attributes: labels, placeholders, titles. */
export function text<Key extends WordKey>(key: Key, ...[values]: Arguments<Key, string | number>): string {
  const at = values as Readonly<Record<string, string | number>> | undefined
  return sentenceOf(key, at?.n)
    .map((part, index) => {
      if (index % 2 === 0) return inDigits(part, digits())
      const value = at?.[part] ?? ''
      return isolate(typeof value === 'number' ? figure(value) : value)
    })
    .join('')
}
