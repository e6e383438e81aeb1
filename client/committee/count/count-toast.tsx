import { type Toaster, ToastRegion } from '../../design/toast.tsx'

/**
 * While counting the toast stands over the last five instead of in the flow: in the flow it would push the tiles up under the
 * finger at 30 ballots a minute. It covers nothing that is being marked.
 */
export function CountToast(props: { readonly toaster: Toaster }) {
  return (
    <div class="count-toast">
      <ToastRegion toaster={props.toaster} />
    </div>
  )
}
