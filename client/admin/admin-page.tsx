import WifiOff from 'lucide-solid/icons/wifi-off'
import { createSignal, onCleanup, Show } from 'solid-js'
import type { ConnectionsAnswer, MeAnswer } from '#contract/api.ts'
import { electionName } from '../i18n/names.ts'
import { clock, say } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'
import { readConnections } from '../sync/admin.ts'
import { Connections } from './connections.tsx'
import './admin.css'
import { AdminFrame } from './frame.tsx'
import { Phases } from './phases.tsx'
import { Users } from './users.tsx'

const look_ms = 10_000

/** Who is connected, who may do what, and where the election is. */
export default function AdminPage(props: { readonly me: MeAnswer }) {
  const now = followConnections()
  return (
    <AdminFrame
      place="admin"
      full
      title={say('adm.title')}
      about={<bdi>{electionName(props.me.election)}</bdi>}
      actions={
        <p class="adm-line" role="status">
          <Show when={now.failed()}>
            <WifiOff size={18} />
            {say('adm.as_of', { when: clock(now.at_ms()) })}
          </Show>
        </p>
      }
    >
      <main class="adm-page">
        <Connections answer={now.answer()} committees={props.me.committees.length} />
        <Phases me={props.me} />
        <Users me={props.me} connected={now.answer()?.users ?? []} onEnded={now.look} />
      </main>
    </AdminFrame>
  )
}

/** Asked again and again while the page is in sight: it is what a server counts, and nobody tells it. */
function followConnections() {
  const session = useSession()
  const [answer, setAnswer] = createSignal<ConnectionsAnswer>()
  const [failed, setFailed] = createSignal(false)
  const [at_ms, setAt] = createSignal(Date.now())
  let question = 0
  const look = async () => {
    if (document.visibilityState !== 'visible') return
    question += 1
    const asked = question
    const found = await readConnections(session)
    if (asked !== question) return
    setFailed(!found.ok)
    if (!found.ok) return
    setAnswer(found.value)
    setAt(Date.now())
  }
  const timer = setInterval(() => void look(), look_ms)
  const again = () => void look()
  document.addEventListener('visibilitychange', again)
  onCleanup(() => {
    question += 1
    clearInterval(timer)
    document.removeEventListener('visibilitychange', again)
  })
  again()
  return { answer, failed, at_ms, look: again }
}
