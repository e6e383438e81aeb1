import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { Match, Show, Switch } from 'solid-js'
import type { Elector } from '#contract/api.ts'
import { StrengthBars } from '../../design/strength.tsx'
import { nameParts } from '../../i18n/names.ts'
import { clock, numeral, say } from '../../i18n/say.tsx'
import { useCommittee } from '../context.ts'
import { strongest } from './guarantee.ts'

/** Who the typed number is, before anything is written. */
export function MatchCard(props: { readonly typed: string; readonly found: Elector | undefined }) {
  const { committee } = useCommittee()
  return (
    <div role="status" class="flex-none px-3 pb-3">
      <Switch>
        <Match when={props.found}>{(elector) => <Found elector={elector()} />}</Match>
        <Match when={props.typed !== ''}>
          <p class="match nobody">
            <TriangleAlert size={18} class="flex-none" />
            {say('roll.not_here', { code: numeral(committee.entry.code) })}
          </p>
        </Match>
      </Switch>
    </div>
  )
}

function Found(props: { readonly elector: Elector }) {
  const { committee } = useCommittee()
  const name = () => nameParts(props.elector.name)
  const pledge = () => strongest(committee.guarantees[props.elector.serial])
  const witness = () => committee.attendance[props.elector.serial]?.witnesses[0]
  return (
    <section class="match">
      <p class="flex flex-wrap items-center justify-between gap-2">
        <Show when={pledge()} fallback={<span class="chip">{say('roll.no_guarantee')}</span>}>
          {(found) => (
            <span class="chip ink">
              <StrengthBars strength={found().strength} />
              <Show when={found().strength} fallback={say('strength.none')}>
                {(strength) => (
                  <>{say(`strength.guarantee_${strength()}`, { who: nameParts(committee.nameOf(found().collector)).given })}</>
                )}
              </Show>
            </span>
          )}
        </Show>
        <Switch>
          <Match when={!props.elector.active}>
            <span class="chip line">{say('roll.inactive')}</span>
          </Match>
          <Match when={witness()}>
            {(one) => (
              <span class="chip ok">
                {say(`pad.attended_${props.elector.sex}`)} ·{' '}
                <bdi>{one().mine ? say('you') : nameParts(committee.nameOf(one().user)).given}</bdi> {clock(one().at_s * 1_000)}
              </span>
            )}
          </Match>
          <Match when={true}>
            <span class="chip line">{say(`pad.not_attended_${props.elector.sex}`)}</span>
          </Match>
        </Switch>
      </p>
      <p class="text-[20px]/[30px]">
        <bdi>
          <b class="font-extrabold">{name().given}</b> {name().rest}
        </bdi>
      </p>
      <p class="text-label text-text-2">{say('pad.unit_family', { unit: props.elector.unit, family: props.elector.family })}</p>
    </section>
  )
}
