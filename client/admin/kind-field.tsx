import CircleCheckBig from 'lucide-solid/icons/circle-check-big'
import DoorOpen from 'lucide-solid/icons/door-open'
import IdCard from 'lucide-solid/icons/id-card'
import Megaphone from 'lucide-solid/icons/megaphone'
import UsersRound from 'lucide-solid/icons/users-round'
import Waypoints from 'lucide-solid/icons/waypoints'
import { type Component, For } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { type ImportKind, importColumns, importKinds } from '#contract/imports.ts'
import { say, text } from '../i18n/say.tsx'

const icons: Readonly<Record<ImportKind, Component<{ size: number }>>> = {
  committees: DoorOpen,
  roll: UsersRound,
  candidates: CircleCheckBig,
  users: IdCard,
  assignments: Waypoints,
  results: Megaphone,
}

/** Which list, what it does, and what its file is made of. */
export function KindField(props: { readonly kind: ImportKind; readonly onChoose: (kind: ImportKind) => void; readonly disabled: boolean }) {
  return (
    <div class="flex flex-col gap-3">
      <div role="radiogroup" aria-label={text('import.kind')} class="import-kinds">
        <For each={importKinds}>
          {(kind) => (
            <label>
              <input
                type="radio"
                name="import-kind"
                checked={props.kind === kind}
                disabled={props.disabled}
                onChange={() => props.onChoose(kind)}
              />
              <Dynamic component={icons[kind]} size={20} />
              {say(`import.kind_${kind}`)}
            </label>
          )}
        </For>
      </div>
      <p class="text-label text-text-2">{say(`import.about_${props.kind}`)}</p>
      <div>
        <p class="label mb-1.5">{say('import.columns')}</p>
        <ul class="flex flex-wrap gap-1.5" dir="ltr">
          <For each={Object.entries<'required' | 'optional'>(importColumns[props.kind])}>
            {([column, need]) => (
              <li class="import-column" classList={{ 'may-be-missing': need === 'optional' }}>
                {column}
              </li>
            )}
          </For>
        </ul>
      </div>
    </div>
  )
}
