import type { UserId } from '#contract/ids.ts'

/** One person's word on a fact that people can disagree on. */
export type Statement<Value> = { readonly user: UserId; readonly value: Value }

/** Ascending by user: a Y.Map iterates in another order on every replica, and what is compared or shown must not. */
export function inOrder<Value>(statements: Iterable<Statement<Value>>): readonly Statement<Value>[] {
  return [...statements].sort((a, b) => a.user - b.user)
}

/** Equal plain values: numbers and strings by identity, objects field by field in any order. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameValue((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]))
  )
}

/** Whether a ruling saw this statement with this value. */
export function wasSeen<Value>(saw: Readonly<Record<string, Value>> | undefined, statement: Statement<Value>): boolean {
  return saw !== undefined && Object.hasOwn(saw, String(statement.user)) && sameValue(saw[String(statement.user)], statement.value)
}

/** Whether a ruling saw exactly these statements: it holds while this is true, and is open again by itself when one changes. */
export function sawAll<Value>(saw: Readonly<Record<string, Value>> | undefined, statements: readonly Statement<Value>[]): boolean {
  return saw !== undefined && Object.keys(saw).length === statements.length && statements.every((statement) => wasSeen(saw, statement))
}
