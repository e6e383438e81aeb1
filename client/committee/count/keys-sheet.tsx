import { For } from 'solid-js'
import { Sheet } from '../../design/sheet.tsx'
import { numeral, say } from '../../i18n/say.tsx'

const rows = [
  { keys: ['1', '2', 'Space'], words: 'count.keys_mark' },
  { keys: ['Enter'], words: 'count.keys_save' },
  { keys: ['B'], words: 'count.keys_blank' },
  { keys: ['I'], words: 'count.keys_invalid' },
  { keys: ['2', 'L'], words: 'count.keys_list' },
  { keys: ['Z'], words: 'count.keys_undo' },
  { keys: ['Backspace'], words: 'count.keys_back' },
  { keys: ['Esc'], words: 'count.keys_escape' },
  { keys: ['?'], words: 'count.keys_help' },
] as const

/** The keys for counting on a laptop. */
export function KeysSheet(props: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Sheet open={props.open} onClose={() => props.onClose()} title={say('count.keys')} toRead>
      <dl class="keys-table">
        <For each={rows}>
          {(row) => (
            <div>
              <dt dir="ltr">
                <For each={row.keys}>{(key) => <kbd>{/\d/.test(key) ? numeral(key) : key}</kbd>}</For>
              </dt>{' '}
              <dd>{say(row.words)}</dd>
            </div>
          )}
        </For>
      </dl>
    </Sheet>
  )
}
