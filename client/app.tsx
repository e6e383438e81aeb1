import { createEffect, lazy, Match, Show, Suspense, Switch } from 'solid-js'
import type { MeAnswer } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { NoCommittee } from './committee/ended.tsx'
import { CommitteePage } from './committee/page.tsx'
import { Committees } from './committees/committees.tsx'
import { maySeeAll } from './committees/may-see-all.ts'
import { Mark } from './design/mark.tsx'
import { say, text } from './i18n/say.tsx'
import { route } from './route.ts'
import { SessionContext, useSession } from './session-context.ts'
import { SignIn } from './sign-in/sign-in.tsx'
import { deliver } from './sync/courier.ts'
import { createSession } from './sync/session.ts'
import { UpdateContext } from './update/offer.tsx'
import { createUpdate } from './update/update.ts'

/** For the few who answer for many committees, and the fewer who administer: nobody else's phone loads it. */
const OverviewPage = lazy(() => import('./overview/overview-page.tsx'))
const AdminPage = lazy(() => import('./admin/admin-page.tsx'))
const ImportPage = lazy(() => import('./admin/import-page.tsx'))
const AuditPage = lazy(() => import('./admin/audit-page.tsx'))

export function App() {
  const session = createSession(deliver)
  const update = createUpdate()
  // Only the person matters for which screens there are; a new answer of the server must not build them again.
  const me = () => {
    const state = session.state()
    return state.phase === 'signed-in' ? state.me : undefined
  }
  createEffect(() => {
    document.title = me() === undefined ? `${text('app.name')} · Lajna` : text('committees.title')
  })
  return (
    <SessionContext.Provider value={session}>
      <UpdateContext.Provider value={update}>
        <Switch>
          <Match when={session.state().phase === 'starting'}>
            <Starting />
          </Match>
          <Match when={session.state().phase === 'signed-out'}>
            <SignIn />
          </Match>
          <Match when={me()}>{(known) => <SignedIn me={known()} />}</Match>
        </Switch>
      </UpdateContext.Provider>
    </SessionContext.Provider>
  )
}

function SignedIn(props: { readonly me: MeAnswer }) {
  const committee = (): CommitteeId | undefined => {
    const current = route()
    return current.place === 'committee' ? current.id : undefined
  }
  const assigned = (id: CommitteeId) => props.me.committees.some((entry) => entry.id === id)
  const isAdministrator = () => props.me.user.role === 'administrator'
  const elsewhere = () => (
    <Suspense fallback={<Starting />}>
      <Switch fallback={<Committees me={props.me} />}>
        <Match when={route().place === 'overview' && maySeeAll(props.me)}>
          <OverviewPage me={props.me} />
        </Match>
        <Match when={route().place === 'admin' && isAdministrator()}>
          <AdminPage me={props.me} />
        </Match>
        <Match when={route().place === 'import' && isAdministrator()}>
          <ImportPage elections={props.me.elections} />
        </Match>
        <Match when={route().place === 'audit' && isAdministrator()}>
          <AuditPage committees={props.me.committees} />
        </Match>
      </Switch>
    </Suspense>
  )
  return (
    <Show when={committee()} keyed fallback={elsewhere()}>
      {(id) => (
        <Show when={assigned(id)} fallback={<NotMine id={id} />}>
          <CommitteePage id={id} user={props.me.user} />
        </Show>
      )}
    </Show>
  )
}

function NotMine(props: { readonly id: CommitteeId }) {
  const session = useSession()
  return <NoCommittee id={props.id} title={say('committee.unknown')} next={say('committee.unknown_next')} onRetry={session.askAgain} />
}

function Starting() {
  return (
    <main class="screen items-center justify-center gap-4 text-ink" aria-busy="true">
      <Mark size={64} />
      <p class="text-label text-text-2">{say('app.starting')}</p>
    </main>
  )
}
