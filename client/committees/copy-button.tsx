import Download from 'lucide-solid/icons/download'
import { createSignal, Show } from 'solid-js'
import { say } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'

/** All unsent work of this person as a file in the device's own folder, which needs no room in the browser. */
export function CopyButton() {
  const session = useSession()
  const [file, setFile] = createSignal<string>()
  const copy = async () => {
    const work = await session.copy()
    const name = `lajna-${work.user.login}-${work.made_at.slice(0, 16).replace(/[:T]/g, '-')}.json`
    const url = URL.createObjectURL(new Blob([JSON.stringify(work, null, 2)], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000) // some browsers read it after the click
    setFile(name)
  }
  return (
    <div class="flex w-full flex-col gap-1.5">
      <button type="button" class="button primary" onClick={() => void copy()}>
        <Download size={20} />
        {say('account.copy')}
      </button>
      <p role="status" class="text-label text-text-2 empty:hidden">
        <Show when={file()}>{(name) => <>{say('account.copied', { file: <bdi dir="ltr">{name()}</bdi> })}</>}</Show>
      </p>
    </div>
  )
}
