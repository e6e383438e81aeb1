import type { ar } from './ar.ts'

/** Forms of one sentence by `Intl.PluralRules`; Arabic has six, English two. */
export type Plural<Form extends string> = Readonly<Record<Form, string>>
export type Dictionary<Form extends string> = Readonly<Record<string, string | Plural<Form>>>

export type WordKey = keyof typeof ar

/** What another language must have: the keys of the Arabic one, plural where that is plural. A missing key does not compile. */
export type Words<Form extends string> = {
  readonly [Key in WordKey]: (typeof ar)[Key] extends string ? string : Plural<Form>
}

type PlacesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | PlacesIn<Rest> : never
type Entry<Key extends WordKey> = (typeof ar)[Key]
type Place<Key extends WordKey> = Entry<Key> extends string ? PlacesIn<Entry<Key>> : PlacesIn<Entry<Key>[keyof Entry<Key>]> | 'n'

/** The values a sentence needs. `n` of a plural is a number: it chooses the form. */
type Values<Key extends WordKey, Value> = {
  readonly [Name in Place<Key>]: Name extends 'n' ? (Entry<Key> extends string ? Value : number) : Value
}

/** Nothing to pass for a sentence without places, else its values. */
export type Arguments<Key extends WordKey, Value> = [Place<Key>] extends [never] ? [] : [values: Values<Key, Value>]

/** A sentence as text and names of places, alternating: `['', 'n', ' of ', 'of', '']`. */
export const partsOf = (sentence: string): readonly string[] => sentence.split(/\{(\w+)\}/)

/** The form of a sentence for a number; sentences without plurals are the same for all. */
export function formFor(entry: string | Plural<string>, n: unknown, rules: Intl.PluralRules): string {
  if (typeof entry === 'string') return entry
  return entry[rules.select(Number(n))] ?? entry.other ?? ''
}
