import Check from 'lucide-solid/icons/check'
import Inbox from 'lucide-solid/icons/inbox'
import Lock from 'lucide-solid/icons/lock'
import Smartphone from 'lucide-solid/icons/smartphone'
import { For, Show } from 'solid-js'
import type { Device } from '#contract/api.ts'
import type { Result } from '#contract/result.ts'
import { personName } from '../../i18n/names.ts'
import { moment, numeral, say, text } from '../../i18n/say.tsx'
import type { Failure } from '../../sync/api.ts'
import { useCommittee } from '../context.ts'

type Asked = Result<readonly Device[], Failure> | undefined

/**
 * Who still has work to send, before the committee is closed: what comes after that is kept aside and not counted. The server knows
 * only what a device has last said; one that is gone may hold more, and is listed too.
 */
export function Closing(props: {
  readonly code: string
  readonly asked: Asked
  readonly busy: boolean
  readonly onClose: () => void
  readonly onWait: () => void
}) {
  const { committee } = useCommittee()
  const devices = () => (props.asked?.ok === true ? props.asked.value : [])
  const waiting = () => devices().filter(({ unsent }) => unsent > 0)
  const away = () => devices().filter(({ unsent, here }) => unsent === 0 && !here)
  const isClear = () => props.asked?.ok === true && waiting().length === 0
  return (
    <section class="flex flex-col gap-2.5" aria-label={text('phases.ask', { code: numeral(props.code) })}>
      <h3 class="text-body font-bold">{say('phases.ask', { code: numeral(props.code) })}</h3>
      <div role="status" class="flex flex-col gap-1 text-[15px]/[22px]">
        <Show when={props.asked} fallback={<p class="text-text-2">{say('phases.asking')}</p>}>
          <Show when={props.asked?.ok} fallback={<p class="font-semibold text-warn">{say('phases.unknown')}</p>}>
            <Show
              when={waiting().length > 0}
              fallback={
                <p class="flex items-center gap-1.5 font-semibold text-ok">
                  <Check size={18} class="flex-none" />
                  {say('phases.all_sent')}
                </p>
              }
            >
              <p class="font-semibold">{say('phases.waiting', { n: waiting().length })}</p>
            </Show>
            <Show when={away().length > 0}>
              <p class="text-text-2">{say('phases.away', { n: away().length })}</p>
            </Show>
          </Show>
        </Show>
        <Show when={committee.aside.waiting()}>
          {(n) => (
            <p class="flex items-start gap-1.5 font-semibold text-warn">
              <Inbox size={18} class="mt-0.5 flex-none" />
              <span>{say('aside.closing', { n: n() })}</span>
            </p>
          )}
        </Show>
      </div>
      <Show when={waiting().length + away().length > 0}>
        <ul class="phase-devices">
          <For each={[...waiting(), ...away()]}>{(device) => <DeviceRow device={device} />}</For>
        </ul>
      </Show>
      <div class="flex flex-wrap gap-2">
        <button type="button" class="button grow" classList={{ primary: !isClear(), secondary: isClear() }} onClick={() => props.onWait()}>
          {say('phases.wait')}
        </button>
        <button
          type="button"
          class="button grow"
          classList={{ primary: isClear(), secondary: !isClear() }}
          disabled={props.asked === undefined || props.busy}
          onClick={() => props.onClose()}
        >
          <Lock size={20} />
          {say(isClear() ? 'phases.close' : 'phases.close_anyway')}
        </button>
      </div>
    </section>
  )
}

function DeviceRow(props: { readonly device: Device }) {
  return (
    <li>
      <Smartphone size={20} class="flex-none text-text-2" />
      <span class="min-w-0 grow">
        <b class="truncate-line block">
          <bdi>{personName(props.device.user)}</bdi>
        </b>
        <span class="text-meta text-text-2">
          {props.device.here ? say('phases.here') : say('phases.since', { when: moment(props.device.seen_at_ms) })}
        </span>
      </span>
      <span class="chip" classList={{ here: props.device.unsent > 0 }}>
        {props.device.unsent > 0 ? say('phases.unsent', { n: props.device.unsent }) : say('phases.nothing_unsent')}
      </span>
    </li>
  )
}
