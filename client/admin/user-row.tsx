import CheckCheck from 'lucide-solid/icons/check-check'
import Power from 'lucide-solid/icons/power'
import Smartphone from 'lucide-solid/icons/smartphone'
import { Show } from 'solid-js'
import type { Account, ConnectedUser } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { Avatar } from '../design/avatar.tsx'
import { personName } from '../i18n/names.ts'
import { figure, moment, numeral, say, text } from '../i18n/say.tsx'

const committees_max = 4

/** One who may log in: who, where now, whether all of their work is on the server, since when. */
export function UserRow(props: {
  readonly account: Account
  readonly connected: ConnectedUser | undefined
  readonly codes: ReadonlyMap<CommitteeId, string>
  readonly onOpen: () => void
  readonly onEnd: () => void
}) {
  const name = () => personName(props.account)
  const where = () => {
    const all = props.connected?.committees ?? []
    const shown = all.slice(0, committees_max).map((id) => numeral(props.codes.get(id) ?? id))
    return [...shown, ...(all.length > committees_max ? [`+${figure(all.length - committees_max)}`] : [])].join(text('adm.comma'))
  }
  const presence = () => (props.connected === undefined ? {} : { presence: 'present' as const })
  return (
    <li class="adm-user" classList={{ disabled: props.account.disabled }}>
      <span class="adm-user-name">
        <Avatar person={{ id: props.account.id, name: name(), ...presence() }} />
        <button type="button" aria-haspopup="dialog" onClick={() => props.onOpen()}>
          <b class="adm-user-who truncate-line">
            <bdi>{name()}</bdi>
          </b>
          <span class="adm-user-login">
            <bdi dir="ltr">{props.account.login}</bdi>
          </span>
        </button>
      </span>
      <span class="adm-user-role">
        {say(`role.${props.account.role}`)}
        <Show when={props.account.disabled}>
          <span class="chip warn">{say('adm.disabled')}</span>
        </Show>
      </span>
      <span class="adm-user-where">
        <Show when={props.connected} fallback="–">
          {(one) => (
            <>
              {say('adm.devices', { n: one().devices })}
              <Show when={where() !== ''}> · {say('adm.in_committees', { codes: where() })}</Show>
            </>
          )}
        </Show>
      </span>
      <span class="adm-user-saved">
        <Show when={props.connected} fallback={<span class="text-text-3">–</span>}>
          {(one) => (
            <Show
              when={one().unsent > 0}
              fallback={
                <span class="chip ok">
                  <CheckCheck size={16} />
                  {say('adm.all_sent')}
                </span>
              }
            >
              <span class="chip here">
                <Smartphone size={16} />
                {say('adm.kept', { n: figure(one().unsent) })}
              </span>
            </Show>
          )}
        </Show>
      </span>
      <span class="adm-user-since">
        <Show when={props.connected} fallback="–">
          {(one) => moment(one().since_ms)}
        </Show>
      </span>
      <span class="adm-user-end">
        <button type="button" class="button quiet small" aria-label={text('adm.end_of', { name: name() })} onClick={() => props.onEnd()}>
          <Power size={18} />
          {say('adm.end')}
        </button>
      </span>
    </li>
  )
}
