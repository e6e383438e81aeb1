import type { KeyParts } from '#contract/document/keys.ts'
import type { UserId } from '#contract/ids.ts'
import { nameParts } from '../../i18n/names.ts'
import { figure, text } from '../../i18n/say.tsx'
import type { ConflictRow } from '../../sync/binding/conflicts.ts'
import type { CommitteeView } from '../context.ts'
import { figureName } from '../figures/names.ts'
import { electorName, fieldNames, pledged } from '../tray/entry-words.ts'

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

/** `you`, or a person's given name. */
export const whoText = (view: CommitteeView, user: UserId): string =>
  user === view.user.id ? text('you') : nameParts(view.committee.nameOf(user)).given

/** What is disagreed on, where its elector, figure or person is plain to see. */
export function whatText(view: CommitteeView, { root, parts }: ConflictRow): string {
  switch (root) {
    case 'guarantees': {
      const field = parts.field === undefined ? '' : text(fieldNames[parts.field])
      return parts.user === undefined || parts.user === view.user.id
        ? field
        : `${field} · ${text('elector.guarantee_of', { who: nameParts(view.committee.nameOf(parts.user)).given })}`
    }
    case 'attendance':
      return text('conflict.attendance')
    case 'walkins':
      return text('conflict.walkin')
    case 'figures':
      return text('conflict.figure')
  }
}

/** Where it is, in plain words: an elector, a figure and its source, a person who is not on the roll. */
export function whereText(view: CommitteeView, { root, parts }: ConflictRow): string {
  if (root === 'figures') {
    const source = parts.source === undefined ? '' : ` · ${text(`figures.${parts.source}`)}`
    return `${figureName(view.committee, parts.figure ?? '')}${source}`
  }
  if (root !== 'walkins') return electorName(view, parts.elector)
  const { user, client, n } = parts
  return view.committee.walkins().find((one) => one.user === user && one.client === client && one.n === n)?.name ?? text('walkin.title')
}

/** What an answer says there. */
export function answerText(root: ConflictRow['root'], parts: KeyParts, value: unknown): string {
  const { saw, why, accepted, value: settled } = fieldsOf(value)
  switch (root) {
    case 'guarantees':
      return pledged(parts.field, value)
    case 'attendance': {
      const wrong = text(Object.keys(fieldsOf(saw)).length > 0 ? 'tray.ruled_wrong' : 'tray.ruled_right')
      return typeof why === 'string' && why !== '' ? `${wrong}: ${why}` : wrong
    }
    case 'walkins':
      return text(accepted === true ? 'walkin.accepted' : 'walkin.refused')
    case 'figures':
      return figure(typeof settled === 'number' ? settled : 0)
  }
}
