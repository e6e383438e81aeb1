import FileText from 'lucide-solid/icons/file-text'
import { Show } from 'solid-js'
import { say } from '../i18n/say.tsx'

/** Taken out of the file when it was chosen: what is imported is what was checked, whatever is saved over it meanwhile. */
export type ListFile = { readonly name: string; readonly bytes: Blob }

export function FileField(props: {
  readonly file: ListFile | undefined
  readonly disabled: boolean
  readonly onChoose: (file: ListFile) => void
  readonly onUnreadable: () => void
}) {
  const choose = async (input: HTMLInputElement) => {
    const chosen = input.files?.[0]
    // The same file may be chosen again, mended.
    const read = chosen?.arrayBuffer().finally(() => {
      input.value = ''
    })
    if (chosen === undefined || read === undefined) return
    try {
      props.onChoose({ name: chosen.name, bytes: new Blob([await read]) })
    } catch {
      props.onUnreadable() // taken away, or never let be read
    }
  }
  return (
    <div>
      <label class="import-file">
        <input
          type="file"
          accept=".csv,text/csv"
          disabled={props.disabled}
          aria-describedby="import-file-hint"
          onChange={(event) => void choose(event.currentTarget)}
        />
        <FileText size={24} />
        <span class="min-w-0 grow">
          <Show when={props.file} fallback={<b>{say('import.choose')}</b>}>
            {(file) => (
              <>
                <b class="truncate-line block">
                  <bdi>{file().name}</bdi>
                </b>
                <span class="text-label text-text-2">
                  {say('import.size', { n: Math.ceil(file().bytes.size / 1024) })} · {say('import.choose_other')}
                </span>
              </>
            )}
          </Show>
        </span>
      </label>
      <p id="import-file-hint" class="mt-1 text-meta text-text-3">
        {say('import.file_hint')}
      </p>
    </div>
  )
}
