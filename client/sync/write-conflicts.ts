import type { ConflictPlace } from '#contract/document/conflicts.ts'
import { findPlace, type Writer } from '#contract/document/schema.ts'
import { cleanText, textCharactersMax } from '#contract/document/values.ts'
import type { WalkinPlace } from '#contract/document/walkins.ts'
import type { Refusal } from '#contract/refusals.ts'
import { err, type Result } from '#contract/result.ts'
import { type Role, speaksForOthers } from '#contract/rights.ts'
import type { createFigureWriting } from './write-figures.ts'
import type { createRollWriting } from './write-roll.ts'

type SettlePorts = {
  readonly writer: () => Writer
  /** Writes a value whether or not the same stands there already. */
  readonly rewrite: (path: string, key: string, value: unknown) => Result<undefined, Refusal>
  readonly rule: ReturnType<typeof createFigureWriting>['rule']
} & Pick<ReturnType<typeof createRollWriting>, 'overrule' | 'restore' | 'acceptWalkin'>

/** Who decides between two answers: for rulings who may rule, for fields who may speak for others. */
export const mayDecide = (root: string, role: Role, rights: Writer['rights']): boolean =>
  root === 'guarantees' ? rights.includes('guarantees') && speaksForOthers(role) : rights.includes('rule')

/**
 * A decision between answers that were written at once: the value is written again, onto what stands there now, also where it says
 * the same. A new item is the decision; without one nobody could tell it from nothing having been done.
 */
export function createSettling({ writer, rewrite, rule, overrule, restore, acceptWalkin }: SettlePorts) {
  return function settle({ root, key }: ConflictPlace, value: unknown): Result<undefined, Refusal> {
    const refused = (code: Refusal['code']) => err({ code, path: root, key })
    const { role, rights } = writer()
    if (!mayDecide(root, role, rights)) return refused('forbidden')
    const found = findPlace(root, key)
    if (typeof found === 'string') return refused(found)
    const { elector, source, figure, user, client, n, field } = found.parts
    if (root === 'guarantees') return rewrite(root, key, typeof value === 'string' ? cleaned(field, value) : value)
    const said = fieldsOf(value)
    // A ruling is given anew by who decides: in their name, and on what people say now. Who chooses "the marks are wrong" means these.
    if (root === 'attendance' && elector !== undefined && typeof said.why === 'string') {
      return Object.keys(fieldsOf(said.saw)).length > 0 ? overrule(elector, said.why) : restore(elector, said.why)
    }
    if (root === 'figures' && source !== undefined && figure !== undefined && typeof said.value === 'number') {
      return rule(source, figure, said.value)
    }
    if (root === 'walkins' && typeof said.accepted === 'boolean') return acceptWalkin({ user, client, n } as WalkinPlace, said.accepted)
    return refused('bad-value')
  }
}

const cleaned = (field: string | undefined, value: string): string | null =>
  field === 'group' || field === 'quick_note' ? cleanText(value, textCharactersMax[field]) || null : value

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
