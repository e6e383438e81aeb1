import { For, type JSX, Show } from 'solid-js'
import type { AuditEntry } from '#contract/api.ts'
import { type AuditKind, auditKinds } from '#contract/audit.ts'
import { isPhase, isRole } from '#contract/rights.ts'
import { say, text } from '../i18n/say.tsx'

type Details = AuditEntry['details']

/** What of the details is worth a line, in words; the export has all of them. */
export function AuditDetails(props: { readonly entry: AuditEntry }) {
  return <For each={linesOf(props.entry)}>{(line) => <p class="text-label text-text-2 [overflow-wrap:anywhere]">{line}</p>}</For>
}

const count = (value: unknown): number => (typeof value === 'number' ? value : 0)
const words = (value: unknown): string => (typeof value === 'string' ? value : '')

/** By kind; each answers nothing where there is nothing to say. */
const sentences: Partial<Record<AuditKind, (details: Details) => JSX.Element | undefined>> = {
  disconnect: ({ stayed_s }) => say('audit.stayed', { n: Math.max(1, Math.round(count(stayed_s) / 60)) }),
  import: ({ problems, lines, created, updated }) =>
    count(problems) > 0
      ? say('audit.import_faults', { n: count(problems) })
      : say('audit.imported', { n: count(lines), created: count(created), updated: count(updated) }),
  rights: ({ rows }) => (count(rows) > 0 ? say('audit.rows', { n: count(rows) }) : undefined),
  ruling: ({ of }) => (count(of) > 1 ? say('audit.places', { n: count(of) }) : undefined),
  aside: ({ why }) => (words(why) === '' ? undefined : <bdi>{words(why)}</bdi>),
  export: ({ filter }) => (typeof filter === 'object' && filter !== null ? filtered(filter) : undefined),
  omitted: (details) => (
    <For each={auditKinds.filter((kind) => count(details[kind]) > 0)}>{(kind) => <Omitted kind={kind} n={count(details[kind])} />}</For>
  ),
}

function Omitted(props: { readonly kind: AuditKind; readonly n: number }) {
  return <span class="chip me-1">{say('audit.omitted_of', { kind: text(`audit.kind_${props.kind}`), n: props.n })}</span>
}

const filtered = (filter: object): JSX.Element => {
  const parts = Object.entries(filter).map(([name, value]) => `${name}=${value}`)
  return (
    <Show when={parts.length > 0} fallback={say('audit.all_of_it')}>
      <bdi dir="ltr">{parts.join(' ')}</bdi>
    </Show>
  )
}

function linesOf({ kind, details }: AuditEntry): readonly JSX.Element[] {
  const own = sentences[kind]?.(details)
  const { session, site, various } = details
  return [
    ...(own === undefined ? [] : [own]),
    ...(words(details.done) === 'delete' ? [say('audit.gone')] : []),
    ...changesIn(details),
    ...(words(site) === '' ? [] : [say('audit.site', { site: words(site) })]),
    ...(words(session) === '' ? [] : [say('audit.session', { who: words(session) })]),
    ...(various === true ? [say('audit.various')] : []),
  ]
}

const fields = ['login', 'name', 'name_en', 'role', 'right', 'disabled', 'password', 'added', 'taken', 'phase'] as const
type Field = (typeof fields)[number]

function changesIn({ done, old: was = {}, new: now = {} }: Details): readonly JSX.Element[] {
  const [before, after] = [was as Details, now as Details]
  return fields.flatMap((field) => {
    const name = text(`audit.field_${field}`)
    if (!(field in before) && !(field in after)) return []
    if (field === 'password') return after.password === true ? [say('audit.new_password')] : []
    if (done === 'insert') return isEmpty(after[field]) ? [] : [say('audit.is', { field: name, value: shown(field, after[field]) })]
    if (done === 'delete') return isEmpty(before[field]) ? [] : [say('audit.is', { field: name, value: shown(field, before[field]) })]
    return [say('audit.was_is', { field: name, was: shown(field, before[field]), is: shown(field, after[field]) })]
  })
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || (Array.isArray(value) && value.length === 0)

function shown(field: Field, value: unknown): string {
  if (field === 'phase') return typeof value === 'string' && isPhase(value) ? text(`phase.${value}`) : text('phases.election')
  if (field === 'role' && typeof value === 'string' && isRole(value)) return text(`role.${value}`)
  if (typeof value === 'boolean') return text(value ? 'audit.yes' : 'audit.no')
  if (Array.isArray(value)) return value.length === 0 ? text('audit.nothing') : value.join(', ')
  return value === null || value === undefined ? text('audit.nothing') : String(value)
}
