import Check from 'lucide-solid/icons/check'
import CheckCheck from 'lucide-solid/icons/check-check'
import Inbox from 'lucide-solid/icons/inbox'
import RefreshCw from 'lucide-solid/icons/refresh-cw'
import Server from 'lucide-solid/icons/server'
import Smartphone from 'lucide-solid/icons/smartphone'
import Wifi from 'lucide-solid/icons/wifi'
import WifiOff from 'lucide-solid/icons/wifi-off'
import { createSignal, For, type JSX, onCleanup, Show } from 'solid-js'
import { CopyButton } from '../../committees/copy-button.tsx'
import { Sheet } from '../../design/sheet.tsx'
import { clock, figure, say } from '../../i18n/say.tsx'
import type { CommitteeSession } from '../../sync/committee-session.ts'
import { AsideLink } from '../aside/strip.tsx'
import { useCommittee } from '../context.ts'
import './status.css'

type Status = ReturnType<CommitteeSession['status']>

/** The whole story of "saved": what is safe, what happened, what to do. */
export function StatusPanel(props: { readonly open: boolean; readonly onClose: () => void }) {
  const { committee, openTray } = useCommittee()
  const status = committee.status
  return (
    <Sheet open={props.open} onClose={() => props.onClose()} title={titleOf(status())} titleClass="text-panel font-extrabold">
      <div class="flex flex-col gap-3">
        <p class="-mt-1 text-text-2">{leadOf(status())}</p>
        <Way status={status()} />
        <UnsentByKind status={status()} />
        <Show when={status().storage !== 'kept' && status().unsent > 0}>
          <CopyButton />
        </Show>
        <Show when={status().refused > 0}>
          <button
            type="button"
            class="flex items-center gap-2.5 rounded-control border-2 border-warn bg-warn-soft px-3.5 py-3 text-start text-[15px]/[22px] font-bold"
            aria-haspopup="dialog"
            onClick={openTray}
          >
            <Inbox size={24} class="flex-none text-warn" />
            <span class="grow">{say('status.refused', { n: status().refused })}</span>
            <span class="flex-none underline underline-offset-3">{say('tray.look')}</span>
          </button>
        </Show>
        <Technical status={status()} />
        <AsideLink onFollow={() => props.onClose()} />
        <button
          type="button"
          class="button big"
          classList={{ primary: status().link !== 'online', secondary: status().link === 'online' }}
          aria-busy={status().link === 'connecting'}
          onClick={() => committee.reconnect()}
        >
          <RefreshCw size={20} />
          {say('status.try_now')}
        </button>
        <Show when={status().code}>
          {(code) => (
            <p class="text-center text-meta text-text-3" dir="ltr">
              {code()}
            </p>
          )}
        </Show>
      </div>
    </Sheet>
  )
}

function titleOf({ storage, unsent, link, saved_at_ms }: Status): JSX.Element {
  if (storage === 'full') return say('status.no_room')
  if (unsent > 0 && storage === 'not-kept') return say('status.not_sent', { n: unsent })
  if (unsent > 0) return link === 'online' ? say('status.kept_here') : say('status.safe_title')
  return saved_at_ms === undefined ? say('status.on_server') : say('status.on_server_at', { when: clock(saved_at_ms) })
}

const linkWords = {
  online: 'status.online_since',
  connecting: 'status.connecting_since',
  offline: 'status.offline_since',
} as const

function leadOf({ storage, link, since_ms, unsent }: Status): JSX.Element {
  if (storage === 'full') return say('status.full')
  if (storage === 'not-kept' && unsent > 0) return say('status.not_kept')
  return say(linkWords[link], { when: <b class="text-text">{clock(since_ms)}</b> })
}

/** This device, what waits between, the server. */
function Way(props: { readonly status: Status }) {
  return (
    <div class="way">
      <div class="way-end" classList={{ device: props.status.storage === 'kept', unkept: props.status.storage !== 'kept' }}>
        <Smartphone size={32} />
        <span>{say('status.this_device')}</span>
        <em>
          <Show when={props.status.storage === 'kept'} fallback={say('status.nothing_kept')}>
            <Check size={16} />
            {say('status.all_here')}
          </Show>
        </em>
      </div>
      <div class="way-line" classList={{ clear: props.status.link === 'online' && props.status.unsent === 0 }}>
        <Show when={props.status.unsent > 0}>
          <b>{figure(props.status.unsent)}</b> <span>{say('status.waits')}</span>
        </Show>
        <hr />
        <Show when={props.status.link === 'online'} fallback={<WifiOff size={20} />}>
          <Wifi size={20} />
        </Show>
      </div>
      <div class="way-end">
        <Server size={32} />
        <span>{say('status.server')}</span>
        <em>
          <Show when={props.status.saved_at_ms} fallback={<span class="text-text-2">{say('status.nothing_yet')}</span>}>
            {(at_ms) => (
              <>
                <CheckCheck size={16} />
                {say('status.until', { when: clock(at_ms()) })}
              </>
            )}
          </Show>
        </em>
      </div>
    </div>
  )
}

const kinds = ['attendance', 'guarantees', 'ballots', 'other'] as const

function UnsentByKind(props: { readonly status: Status }) {
  const waiting = () => kinds.filter((kind) => props.status.unsent_by_kind[kind] > 0)
  return (
    <Show when={props.status.unsent > 0}>
      <div class="figures">
        <p class="font-semibold">
          <span>{say('status.waiting', { n: props.status.unsent })}</span>
        </p>
        <For each={waiting()}>
          {(kind) => (
            <p>
              <span>{say(`status.kind_${kind}`)}</span>
              <b class="text-[17px]">{figure(props.status.unsent_by_kind[kind])}</b>
            </p>
          )}
        </For>
      </div>
    </Show>
  )
}

const storageWords = { kept: 'status.storage_kept', 'not-kept': 'status.storage_not_kept', full: 'status.storage_full' } as const

function Technical(props: { readonly status: Status }) {
  const [now_ms, setNow] = createSignal(Date.now())
  const timer = setInterval(() => setNow(Date.now()), 1_000)
  onCleanup(() => clearInterval(timer))
  const nextTry = () => {
    const at_ms = props.status.next_try_ms
    if (props.status.link === 'online' || at_ms === undefined) return undefined
    return Math.max(0, Math.ceil((at_ms - now_ms()) / 1_000))
  }
  return (
    <dl class="tech">
      <div>
        <dt>{say('status.latency')}</dt>
        <dd>
          <Show when={props.status.latency_ms !== undefined} fallback="—">
            {say('status.milliseconds', { n: Math.round(props.status.latency_ms ?? 0) })}
          </Show>
        </dd>
      </div>
      <div>
        <dt>{say('status.reconnects')}</dt>
        <dd>{figure(props.status.reconnects)}</dd>
      </div>
      <div>
        <dt>{say('status.next')}</dt>
        <dd>
          <Show when={nextTry() !== undefined} fallback="—">
            {say('status.seconds', { n: nextTry() ?? 0 })}
          </Show>
        </dd>
      </div>
      <div>
        <dt>{say('status.storage')}</dt>
        <dd>{say(storageWords[props.status.storage])}</dd>
      </div>
    </dl>
  )
}
