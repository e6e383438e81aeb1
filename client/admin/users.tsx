import Plus from 'lucide-solid/icons/plus'
import Search from 'lucide-solid/icons/search'
import UsersRound from 'lucide-solid/icons/users-round'
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js'
import type { Account, ConnectedUser, MeAnswer } from '#contract/api.ts'
import type { UserId } from '#contract/ids.ts'
import { isRole, type Role, roles } from '#contract/rights.ts'
import { Nothing } from '../design/nothing.tsx'
import { figure, say, text } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'
import { type AdminFailure, listAccounts } from '../sync/admin.ts'
import { EndSheet } from './end-sheet.tsx'
import { failureSaid } from './failure.tsx'
import { UserRow } from './user-row.tsx'
import { UserSheet } from './user-sheet.tsx'

/** While somebody types. */
const pause_ms = 300

/** Who may log in: looked for, added, changed, sent out. */
export function Users(props: { readonly me: MeAnswer; readonly connected: readonly ConnectedUser[]; readonly onEnded: () => void }) {
  const list = createAccounts()
  const [opened, setOpened] = createSignal<Account | 'new'>()
  const [ending, setEnding] = createSignal<Account>()
  const connected = createMemo(() => new Map(props.connected.map((one) => [one.user.id, one])))
  const codes = createMemo(() => new Map(props.me.committees.map(({ id, code }) => [id, code])))
  return (
    <section class="card adm-users" aria-labelledby="adm-users">
      <header class="adm-users-head">
        <div class="grow">
          <h2 id="adm-users">{say('adm.users')}</h2>
          <p class="text-label text-text-2" role="status">
            {say(list.next() === undefined ? 'adm.shown' : 'adm.shown_first', { n: figure(list.accounts().length) })}
          </p>
        </div>
        <label class="field adm-search">
          <Search size={20} class="flex-none text-text-2" />
          <input
            type="search"
            maxLength={100}
            aria-label={text('adm.search')}
            placeholder={text('adm.search')}
            onInput={(event) => list.search(event.currentTarget.value)}
          />
        </label>
        <label class="field adm-role">
          <span class="sr-only">{say('adm.role')}</span>
          <select onChange={({ currentTarget: { value } }) => list.chooseRole(isRole(value) ? value : undefined)}>
            <option value="">{text('adm.every_role')}</option>
            <For each={roles}>{(role) => <option value={role}>{text(`role.${role}`)}</option>}</For>
          </select>
        </label>
        <button type="button" class="button primary small" aria-haspopup="dialog" onClick={() => setOpened('new')}>
          <Plus size={20} />
          {say('adm.add')}
        </button>
      </header>
      <div class="adm-user adm-user-heads" aria-hidden="true">
        <For each={['name', 'role', 'where', 'saved', 'since'] as const}>{(head) => <span>{say(`adm.head_${head}`)}</span>}</For>
      </div>
      <ul>
        <For each={list.accounts()}>
          {(account) => (
            <UserRow
              account={account}
              connected={connected().get(account.id)}
              codes={codes()}
              onOpen={() => setOpened(account)}
              onEnd={() => setEnding(account)}
            />
          )}
        </For>
      </ul>
      <Show when={list.accounts().length === 0 && !list.asking()}>
        <Nothing
          icon={<UsersRound size={28} />}
          title={
            <Show when={list.failed()} fallback={say('adm.nobody')}>
              {(code) => failureSaid(code())}
            </Show>
          }
        />
      </Show>
      <Show when={list.next()}>
        <button type="button" class="button quiet w-full" aria-busy={list.asking()} onClick={() => list.more()}>
          {say('adm.more')}
        </button>
      </Show>
      <UserSheet
        me={props.me}
        account={opened()}
        onClose={() => setOpened(undefined)}
        onSaved={(account) => {
          list.put(account)
          setOpened(account)
        }}
        onEnd={(account) => {
          setOpened(undefined)
          setEnding(account)
        }}
      />
      <EndSheet
        account={ending()}
        unsent={connected().get(ending()?.id ?? (0 as UserId))?.unsent ?? 0}
        onClose={() => setEnding(undefined)}
        onEnded={props.onEnded}
      />
    </section>
  )
}

/** What was found so far, by id; a page more when it is asked for. */
function createAccounts() {
  const session = useSession()
  const [words, setWords] = createSignal('')
  const [role, chooseRole] = createSignal<Role>()
  const [accounts, setAccounts] = createSignal<readonly Account[]>([])
  const [next, setNext] = createSignal<number>()
  const [asking, setAsking] = createSignal(false)
  const [failed, setFailed] = createSignal<AdminFailure>()
  let question = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const ask = async (after?: number) => {
    question += 1
    const asked = question
    setAsking(true)
    const answer = await listAccounts(session, { search: words(), role: role(), after })
    if (asked !== question) return
    setAsking(false)
    setFailed(answer.ok ? undefined : answer.error)
    if (!answer.ok) return
    setAccounts((before) => (after === undefined ? answer.value.users : [...before, ...answer.value.users]))
    setNext(answer.value.next)
  }
  createEffect(on([words, role], () => void ask()))
  onCleanup(() => {
    question += 1
    clearTimeout(timer)
  })
  return {
    accounts,
    next,
    asking,
    failed,
    chooseRole,
    search: (typed: string) => {
      clearTimeout(timer)
      timer = setTimeout(() => setWords(typed.trim()), pause_ms)
    },
    more: () => void ask(next()),
    /** As it is now; somebody new stands first, so that they are seen. */
    put: (account: Account) =>
      setAccounts((before) =>
        before.some(({ id }) => id === account.id) ? before.map((one) => (one.id === account.id ? account : one)) : [account, ...before],
      ),
  }
}
