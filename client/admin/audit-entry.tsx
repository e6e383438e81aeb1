import Archive from 'lucide-solid/icons/archive'
import Ban from 'lucide-solid/icons/ban'
import FileDown from 'lucide-solid/icons/file-down'
import FileUp from 'lucide-solid/icons/file-up'
import Gauge from 'lucide-solid/icons/gauge'
import Gavel from 'lucide-solid/icons/gavel'
import IdCard from 'lucide-solid/icons/id-card'
import KeyRound from 'lucide-solid/icons/key-round'
import LogIn from 'lucide-solid/icons/log-in'
import LogOut from 'lucide-solid/icons/log-out'
import Milestone from 'lucide-solid/icons/milestone'
import Plug from 'lucide-solid/icons/plug'
import ShieldAlert from 'lucide-solid/icons/shield-alert'
import SquareX from 'lucide-solid/icons/square-x'
import Unplug from 'lucide-solid/icons/unplug'
import { type Component, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { AuditEntry } from '#contract/api.ts'
import type { AuditKind } from '#contract/audit.ts'
import { isImportKind } from '#contract/imports.ts'
import { stamped } from '../design/stamped.ts'
import { personName } from '../i18n/names.ts'
import { instant, numeral, say, text } from '../i18n/say.tsx'
import { AuditDetails } from './audit-details.tsx'

type Look = { readonly icon: Component<{ readonly size: number }>; readonly tone: '' | 'ok' | 'ink' | 'warn' | 'alarm' }

/** Icon and colour; the word stands beside them. Red only for what somebody should look into. */
const looks: Readonly<Record<AuditKind, Look>> = {
  connect: { icon: stamped(Plug), tone: '' },
  disconnect: { icon: stamped(Unplug), tone: '' },
  login: { icon: stamped(LogIn), tone: 'ok' },
  'login-refused': { icon: stamped(KeyRound), tone: 'warn' },
  logout: { icon: stamped(LogOut), tone: '' },
  'sign-out': { icon: stamped(LogOut), tone: '' },
  'token-reused': { icon: stamped(ShieldAlert), tone: 'alarm' },
  refusal: { icon: stamped(Ban), tone: 'warn' },
  limit: { icon: stamped(Gauge), tone: 'warn' },
  rights: { icon: stamped(IdCard), tone: 'ink' },
  phase: { icon: stamped(Milestone), tone: 'ink' },
  ruling: { icon: stamped(Gavel), tone: 'ink' },
  aside: { icon: stamped(Archive), tone: 'ink' },
  import: { icon: stamped(FileUp), tone: 'ink' },
  export: { icon: stamped(FileDown), tone: 'ink' },
  omitted: { icon: stamped(SquareX), tone: 'alarm' },
}

/** One entry of the log: what, who, about what, when and from where. */
export function AuditCard(props: { readonly entry: AuditEntry; readonly onPerson: (person: NonNullable<AuditEntry['user']>) => void }) {
  const look = () => looks[props.entry.kind]
  return (
    <li class="audit-entry">
      <span class={`audit-icon ${look().tone}`}>
        <Dynamic component={look().icon} size={20} />
      </span>
      <div class="flex min-w-0 grow flex-col gap-0.5">
        <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
          <b>{say(`audit.kind_${props.entry.kind}`)}</b>
          <Show when={props.entry.times > 1}>
            <span class="chip">{say('audit.times', { n: props.entry.times })}</span>
          </Show>
          <Show when={props.entry.committee}>
            {(committee) => <span class="chip">{say('audit.in_committee', { code: numeral(committee().code) })}</span>}
          </Show>
          <Show when={props.entry.code}>
            {(code) => (
              <bdi class="chip line" dir="ltr">
                {code()}
              </bdi>
            )}
          </Show>
        </div>
        <Who entry={props.entry} onPerson={props.onPerson} />
        <Show when={props.entry.subject}>
          {(subject) => (
            <p class="audit-subject">
              <Subject entry={props.entry} subject={subject()} />
            </p>
          )}
        </Show>
        <AuditDetails entry={props.entry} />
        <p class="flex flex-wrap gap-x-2 text-meta text-text-3">
          <time datetime={new Date(props.entry.at_ms).toISOString()}>{instant(props.entry.at_ms)}</time>
          <Show when={props.entry.address}>{(address) => <bdi dir="ltr">{address()}</bdi>}</Show>
          <Show when={props.entry.instance !== 'database'}>
            <bdi dir="ltr">{props.entry.instance}</bdi>
          </Show>
        </p>
      </div>
    </li>
  )
}

/** A list by its name; a place, a call or a login as it is. */
function Subject(props: { readonly entry: AuditEntry; readonly subject: string }) {
  const list = () => (props.entry.kind === 'import' && isImportKind(props.subject) ? props.subject : undefined)
  return (
    <Show when={list()} fallback={<bdi>{props.subject}</bdi>}>
      {(kind) => say(`import.kind_${kind()}`)}
    </Show>
  )
}

/** Who was let in by their name; who was not by what they typed. */
function Who(props: { readonly entry: AuditEntry; readonly onPerson: (person: NonNullable<AuditEntry['user']>) => void }) {
  return (
    <Show
      when={props.entry.user}
      fallback={
        <Show when={props.entry.login}>
          {(login) => (
            <p class="text-label text-text-2">
              {say('audit.typed', {
                login: (
                  <bdi class="[overflow-wrap:anywhere]" dir="auto">
                    {login()}
                  </bdi>
                ),
              })}
            </p>
          )}
        </Show>
      }
    >
      {(person) => (
        <button
          type="button"
          class="audit-person"
          title={text('audit.only', { who: personName(person()) })}
          onClick={() => props.onPerson(person())}
        >
          <bdi class="font-semibold">{personName(person())}</bdi> <bdi dir="ltr">{person().login}</bdi>
        </button>
      )}
    </Show>
  )
}
