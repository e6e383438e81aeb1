import { err, ok, type Result } from '#contract/result.ts'
import { isRight, type Right, rights } from '#contract/rights.ts'

/** What a field of a body or a query may hold. */
export type Field<Value> = (value: unknown) => Result<Value, unknown>
type Parsed<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] extends Field<infer Value> ? Value : never }

/**
 * Every field that is there, parsed. The error is the name of the first that is not as it should be, or that nobody knows: a
 * misspelt `disabeld` must not look like it was done.
 */
export function readFields<Fields extends Readonly<Record<string, Field<unknown>>>>(
  given: unknown,
  fields: Fields,
): Result<Parsed<Fields>, string> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return err('the body')
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const parse = Object.hasOwn(fields, name) ? fields[name] : undefined
    const parsed = parse?.(value)
    if (parsed?.ok !== true) return err(name.slice(0, 40))
    values[name] = parsed.value
  }
  return ok(values as Parsed<Fields>)
}

/** Its parser is one of the imports': a person has the same name, however it came in. Never blank. */
export const textField =
  <Value>(parse: (text: string) => Result<Value, unknown>): Field<Value> =>
  (value) =>
    typeof value === 'string' && value.trim() !== '' ? parse(value) : err('not a text')

export const booleanField: Field<boolean> = (value) => (typeof value === 'boolean' ? ok(value) : err('neither true nor false'))

/** Each once, in the order of `rights`. */
export const rightsField: Field<readonly Right[]> = (value) => {
  if (!Array.isArray(value) || value.length > rights.length) return err('no list of rights')
  if (!value.every((one) => typeof one === 'string' && isRight(one))) return err('no list of rights')
  return ok(rights.filter((right) => value.includes(right)))
}

const searchCharacters_max = 100
export const searchField: Field<string> = (value) =>
  typeof value === 'string' && value.length <= searchCharacters_max ? ok(value.trim()) : err('too long')

/** Whole numbers from `from` to `to`, as a query has them. */
export const countField =
  (from: number, to: number): Field<number> =>
  (value) => {
    const count = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN
    return count >= from && count <= to ? ok(count) : err('out of range')
  }
