import type { AsideWrite } from '#contract/api.ts'
import type { GuaranteeField } from '#contract/document/keys.ts'
import { cleanText } from '#contract/document/values.ts'
import type { UserId } from '#contract/ids.ts'
import { figure, moment, numeral, text } from '../../i18n/say.tsx'
import type { WordKey } from '../../i18n/words.ts'
import type { CommitteeView } from '../context.ts'
import { figureName } from '../figures/names.ts'
import { electorName } from '../tray/entry-words.ts'
import { type GroupKind, partsOfPlace } from './groups.ts'

// A write that is in no document, in words. What can never be admitted may be anything: whatever is there, something readable comes out.

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const isNumber = (value: unknown): value is number => typeof value === 'number'

const raw_characters_max = 200
/** Whatever a stranger sent, as text that can be shown beside others'. */
const rawText = (value: unknown): string =>
  cleanText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), raw_characters_max) || text('aside.nothing')

type Telling = {
  /** What it is about. `author`: whose work it is, so that another's name is told. */
  readonly title: (view: CommitteeView, write: AsideWrite, author: UserId) => string
  /** What a value says there: the one kept aside, or the one that stands. Of what stands there may be nothing. */
  readonly value: (view: CommitteeView, write: AsideWrite, value: unknown) => string
}

// What is put together of names is joined, not put into another's place: isolated twice, its parts would stand in the wrong order.
const joined = (...parts: readonly string[]): string => parts.join(text('count.comma'))

const inNameOf = (view: CommitteeView, what: string, user: UserId | undefined, author: UserId): string =>
  user === undefined || user === author ? what : joined(what, text('aside.in_name_of', { who: view.committee.nameOf(user) }))

const because = (what: string, value: unknown): string => {
  const { why } = fieldsOf(value)
  return typeof why === 'string' && why !== '' ? text('aside.because', { what, why }) : what
}

const fieldWords = {
  strength: 'aside.strength',
  confirmation: 'elector.confirmation',
  group: 'elector.group',
  quick_note: 'elector.quick_note',
  follow_up: 'elector.follow_up',
  withdrawn: 'elector.withdrawn',
} as const satisfies Record<GuaranteeField, WordKey>

const valueWords = {
  strong: 'strength.strong',
  medium: 'strength.medium',
  weak: 'strength.weak',
  pending: 'confirmation.pending',
  confirmed: 'confirmation.confirmed',
  unreachable: 'confirmation.unreachable',
} as const satisfies Record<string, WordKey>
const hasWord = (value: unknown): value is keyof typeof valueWords => typeof value === 'string' && Object.hasOwn(valueWords, value)

function pledged(field: GuaranteeField | undefined, value: unknown): string {
  if (value === null || value === '') return text('aside.nothing')
  if (typeof value === 'boolean') return text(value ? 'tray.yes' : 'tray.no')
  if (field === 'follow_up' && isNumber(value)) return moment(value * 1_000)
  return (field === 'strength' || field === 'confirmation') && hasWord(value) ? text(valueWords[value]) : rawText(value)
}

const attendance: Telling = {
  title: (view, write, author) => {
    const { elector, user } = partsOfPlace(write)
    return inNameOf(view, electorName(view, elector), user, author)
  },
  value: (_view, _write, value) => {
    if (isNumber(value)) return text('tray.marked', { when: moment(value * 1_000) })
    return fieldsOf(value).at_s === 0 ? because(text('tray.unmarked'), value) : rawText(value)
  },
}

const guarantees: Telling = {
  title: (view, write, author) => {
    const { elector, user, field } = partsOfPlace(write)
    const who = electorName(view, elector)
    return inNameOf(view, field === undefined ? who : joined(text(fieldWords[field]), who), user, author)
  },
  value: (_view, write, value) => pledged(partsOfPlace(write).field, value),
}

const notes: Telling = {
  title: (view, write) => electorName(view, partsOfPlace(write).elector),
  value: (_view, _write, value) => (typeof value === 'string' && value !== '' ? value : text('aside.nothing')),
}

const walkins: Telling = {
  title: (view, write, author) => {
    const { name } = fieldsOf(write.value)
    return inNameOf(
      view,
      typeof name === 'string' ? cleanText(name, raw_characters_max) : rawText(write.value),
      partsOfPlace(write).user,
      author,
    )
  },
  value: (_view, _write, value) => {
    const { serial, why } = fieldsOf(value)
    if (typeof why !== 'string') return rawText(value)
    return isNumber(serial) ? joined(why, numeral(serial)) : why
  },
}

const figures: Telling = {
  title: (view, write, author) => {
    const { source, figure: name, user } = partsOfPlace(write)
    const what = figureName(view.committee, name ?? '')
    return inNameOf(view, source === undefined ? what : joined(what, text(`figures.${source}`)), user, author)
  },
  value: (_view, _write, value) => (isNumber(value) ? figure(value) : rawText(value)),
}

const rulings: Telling = {
  title: (view, write, author) => {
    const { by } = fieldsOf(write.value)
    const about = partsOfPlace(write)
    const what = about.figure !== undefined ? figures.title(view, write, author) : aboutPerson(view, write)
    return inNameOf(view, `${text('aside.ruling')}: ${what}`, isNumber(by) ? (by as UserId) : undefined, author)
  },
  value: (_view, _write, value) => {
    const { accepted, saw, value: settled } = fieldsOf(value)
    if (typeof accepted === 'boolean') return text(accepted ? 'walkin.accepted' : 'walkin.refused')
    if (isNumber(settled)) return figure(settled)
    if (saw === undefined) return rawText(value)
    return because(text(Object.keys(fieldsOf(saw)).length > 0 ? 'tray.ruled_wrong' : 'tray.ruled_right'), value)
  },
}

function aboutPerson(view: CommitteeView, write: AsideWrite): string {
  const { elector, user, client, n } = partsOfPlace(write)
  if (elector !== undefined) return electorName(view, elector)
  const walkin = view.committee.walkins().find((one) => one.user === user && one.client === client && one.n === n)
  return walkin?.name ?? text('walkin.title')
}

const other: Telling = {
  title: (_view, { path, key }) =>
    [path, key]
      .filter((part) => part !== '')
      .map(rawText)
      .join(' · '),
  value: (_view, _write, value) => rawText(value),
}

const tellings: Record<Exclude<GroupKind, 'ballots'>, Telling> = { attendance, guarantees, notes, walkins, figures, rulings, other }

/** How writes of a kind are told. Ballots that are no ballots are told as what is elsewhere. */
export const tellingOf = (kind: GroupKind): Telling => (kind === 'ballots' ? other : tellings[kind])
