import { createResource, For, Show } from 'solid-js'
import { inLanguage } from '../i18n/names.ts'
import { say } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'

/** On a demo server: who one can be, one tap each. Elsewhere nothing. */
export function DemoLogins(props: { readonly onChoose: (login: string, password: string) => void }) {
  const session = useSession()
  const [demo] = createResource(() => session.demo().catch(() => undefined))
  return (
    <Show when={demo.latest}>
      {(known) => (
        <section aria-labelledby="demo-title">
          <h2 id="demo-title" class="label mb-1.5">
            {say('sign_in.demo')}
          </h2>
          <div class="demo-logins">
            <For each={known().logins}>
              {(person) => (
                <button type="button" onClick={() => props.onChoose(person.login, known().password)}>
                  <span class="truncate-line max-w-full text-label">
                    <b class="font-semibold">{say(`role.${person.role}`)}</b> · <bdi>{inLanguage(person.name, person.name_en)}</bdi>
                  </span>
                  <bdi class="truncate-line max-w-full text-meta text-text-2" dir="ltr">
                    {person.login}
                  </bdi>
                </button>
              )}
            </For>
          </div>
        </section>
      )}
    </Show>
  )
}
