import Gavel from 'lucide-solid/icons/gavel'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import Undo from 'lucide-solid/icons/undo-2'
import UserRoundCheck from 'lucide-solid/icons/user-round-check'
import type { ElectorSerial } from '#contract/ids.ts'
import type { Refusal } from '#contract/refusals.ts'
import { nameParts, shortName } from '../../i18n/names.ts'
import { clock, numeral, say, text } from '../../i18n/say.tsx'
import { editRefusal } from '../../refusal-words.ts'
import type { CommitteeView } from '../context.ts'

/** What is written beside a mark that was taken back at once. */
export const undoReason = 'undo'

/** A short press in the hand for one's own mark. */
const pulse_ms = 12

const who = (view: CommitteeView, serial: ElectorSerial) => {
  const elector = view.roll().bySerial.get(serial)
  return { serial: numeral(serial), name: elector === undefined ? '' : shortName(elector.name), sex: elector?.sex ?? 'm' } as const
}

export function tellRefusal(view: CommitteeView, { code }: Refusal): void {
  view.toaster.show({ icon: TriangleAlert, text: () => say(editRefusal(code)) })
}

/** Marks an elector and says what came of it: marked, a second witness of the same attendance, or already marked by this person. */
export function attend(view: CommitteeView, serial: ElectorSerial): void {
  const { sex, ...named } = who(view, serial)
  const before = view.committee.attendance[serial]?.witnesses ?? []
  const mine = before.find((witness) => witness.mine)
  if (mine !== undefined) {
    view.toaster.show({ icon: UserRoundCheck, text: () => say(`attend.already_${sex}`, { ...named, when: clock(mine.at_s * 1_000) }) })
    return
  }
  const done = view.committee.mark(serial)
  if (!done.ok) return tellRefusal(view, done.error)
  navigator.vibrate?.(pulse_ms)
  view.freshen(serial)
  const [first] = before
  view.toaster.show({
    icon: UserRoundCheck,
    text: () =>
      first === undefined
        ? say(`attend.${sex}`, named)
        : say(`attend.second_${sex}`, { who: nameParts(view.committee.nameOf(first.user)).given }),
    action: { label: text('undo'), run: () => withdraw(view, serial, undoReason) },
  })
}

/** Withdraws this person's own mark; the reason stays on record. */
export function withdraw(view: CommitteeView, serial: ElectorSerial, why: string): void {
  const done = view.committee.unmark(serial, why)
  if (!done.ok) return tellRefusal(view, done.error)
  const { sex: _, ...named } = who(view, serial)
  view.toaster.show({ icon: Undo, text: () => say('attend.undone', named) })
}

/** Rules that the marks on an elector are wrong, as they stand now. */
export function overrule(view: CommitteeView, serial: ElectorSerial, why: string): void {
  const done = view.committee.overrule(serial, why)
  if (!done.ok) return tellRefusal(view, done.error)
  const { sex: _, ...named } = who(view, serial)
  view.toaster.show({
    icon: Gavel,
    text: () => say('elector.ruled', named),
    action: { label: text('undo'), run: () => restore(view, serial) },
  })
}

/** Takes such a ruling back: the marks it saw stand again. */
export function restore(view: CommitteeView, serial: ElectorSerial): void {
  const done = view.committee.restore(serial, undoReason)
  if (!done.ok) return tellRefusal(view, done.error)
  const { sex: _, ...named } = who(view, serial)
  view.toaster.show({ icon: Undo, text: () => say('elector.restored', named) })
}
