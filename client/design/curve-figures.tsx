import Table from 'lucide-solid/icons/table'
import { createSignal, For, type JSX } from 'solid-js'
import { say } from '../i18n/say.tsx'
import { Sheet } from './sheet.tsx'

/** What a curve shows, as a table: a button that opens it, newest first. `rows`: a time and its figures, one for each of `columns`. */
export function CurveFigures(props: {
  readonly title: JSX.Element
  readonly columns: readonly JSX.Element[]
  readonly rows: readonly (readonly [when: JSX.Element, ...figures: JSX.Element[]])[]
}) {
  const [open, setOpen] = createSignal(false)
  return (
    <>
      <button type="button" class="curve-figures" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Table size={16} />
        {say('ov.figures')}
      </button>
      <Sheet open={open()} onClose={() => setOpen(false)} title={props.title} toRead>
        <table class="curve-table">
          <thead>
            <tr>
              <th scope="col">{say('ov.time')}</th>
              <For each={props.columns}>{(column) => <th scope="col">{column}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={props.rows.toReversed()}>
              {([when, ...figures]) => (
                <tr>
                  <th scope="row">{when}</th>
                  <For each={figures}>{(one) => <td>{one}</td>}</For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Sheet>
    </>
  )
}
