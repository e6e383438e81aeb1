import Power from 'lucide-solid/icons/power'
import { createEffect, createSignal, createUniqueId, on, Show } from 'solid-js'
import type { Account, AccountChangeRequest, MeAnswer } from '#contract/api.ts'
import type { Result } from '#contract/result.ts'
import { isRole, type Role, roles } from '#contract/rights.ts'
import { Sheet } from '../design/sheet.tsx'
import { personName } from '../i18n/names.ts'
import { say, text } from '../i18n/say.tsx'
import { useSession } from '../session-context.ts'
import { type AdminFailure, addAccount, changeAccount } from '../sync/admin.ts'
import { Assignments } from './assignments.tsx'
import { failureSaid } from './failure.tsx'
import { SelectField, TextField } from './fields.tsx'

/** Somebody to be added, or all of somebody: name, role, password, whether they may come in, and where they work. */
export function UserSheet(props: {
  readonly me: MeAnswer
  readonly account: Account | 'new' | undefined
  readonly onClose: () => void
  readonly onSaved: (account: Account) => void
  readonly onEnd: (account: Account) => void
}) {
  const known = () => (props.account === 'new' ? undefined : props.account)
  return (
    <Sheet
      open={props.account !== undefined}
      onClose={() => props.onClose()}
      title={
        <Show when={known()} fallback={say('adm.add_title')}>
          {(account) => <bdi>{personName(account())}</bdi>}
        </Show>
      }
      subtitle={
        <Show when={known()}>
          {(account) => (
            <p class="text-label text-text-2">
              <bdi dir="ltr">{account().login}</bdi>
            </p>
          )}
        </Show>
      }
    >
      <div class="flex flex-col gap-5 pb-2">
        <Form me={props.me} account={known()} onSaved={props.onSaved} />
        <Show when={known()}>
          {(account) => (
            <>
              <Assignments me={props.me} account={account()} />
              <button type="button" class="button secondary" onClick={() => props.onEnd(account())}>
                <Power size={20} />
                {say('adm.end')}
              </button>
            </>
          )}
        </Show>
      </div>
    </Sheet>
  )
}

function Form(props: { readonly me: MeAnswer; readonly account: Account | undefined; readonly onSaved: (account: Account) => void }) {
  const session = useSession()
  const hint = createUniqueId()
  const [login, setLogin] = createSignal('')
  const [name, setName] = createSignal('')
  const [english, setEnglish] = createSignal('')
  const [role, setRole] = createSignal<Role>('marker')
  const [password, setPassword] = createSignal('')
  const [disabled, setDisabled] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [said, setSaid] = createSignal<Result<void, AdminFailure>>()
  createEffect(
    on(
      () => props.account?.id,
      () => {
        const { account } = props
        setLogin(account?.login ?? '')
        setName(account?.name ?? '')
        setEnglish(account?.name_en ?? '')
        setRole(account?.role ?? 'marker')
        setDisabled(account?.disabled ?? false)
        setPassword('')
      },
    ),
  )
  /** Nobody takes the role from themselves, or locks themselves out: another administrator can. */
  const isOwn = () => props.account?.id === props.me.user.id
  const save = async () => {
    if (busy()) return
    setBusy(true)
    setSaid(undefined)
    const { account } = props
    const secret = password() === '' ? {} : { password: password() }
    const nameEn = english().trim()
    const saved =
      account === undefined
        ? await addAccount(session, {
            login: login().trim(),
            name: name().trim(),
            role: role(),
            ...(nameEn === '' ? {} : { name_en: nameEn }),
            ...secret,
          })
        : await changeAccount(session, account.id, {
            ...changesOf(account, name().trim(), nameEn),
            ...(isOwn() ? {} : { role: role(), disabled: disabled() }),
            ...secret,
          })
    setBusy(false)
    setSaid(saved.ok ? { ok: true, value: undefined } : saved)
    if (!saved.ok) return
    setPassword('')
    props.onSaved(saved.value)
  }
  const isWhole = () => name().trim() !== '' && (props.account !== undefined || login().trim() !== '')
  return (
    <form
      class="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (isWhole()) void save()
      }}
    >
      <Show when={props.account === undefined}>
        <TextField label={text('adm.login')} value={login()} latin onInput={setLogin} />
      </Show>
      <TextField label={text('adm.name')} value={name()} onInput={setName} />
      <TextField label={text('adm.name_en')} value={english()} latin onInput={setEnglish} />
      <SelectField
        label={text('adm.role')}
        value={role()}
        disabled={isOwn()}
        options={roles.map((one) => [one, text(`role.${one}`)] as const)}
        onChange={(value) => isRole(value) && setRole(value)}
      />
      <Show when={isOwn()}>
        <p class="text-label text-text-2">{say('adm.own')}</p>
      </Show>
      <div>
        <TextField
          label={text(props.account === undefined ? 'adm.password' : 'adm.new_password')}
          value={password()}
          latin
          secret
          describedBy={hint}
          onInput={setPassword}
        />
        <p id={hint} class="mt-1 text-meta text-text-3">
          {say(props.account === undefined ? 'adm.password_hint' : 'adm.new_password_hint')}
        </p>
      </div>
      <Show when={props.account !== undefined && !isOwn()}>
        <label class="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            class="size-5 accent-ink"
            checked={disabled()}
            onChange={(event) => setDisabled(event.currentTarget.checked)}
          />
          <span>
            <b class="block">{say('adm.disable')}</b>
            <span class="text-label text-text-2">{say('adm.disable_about')}</span>
          </span>
        </label>
      </Show>
      <div role="status" class="text-label font-semibold">
        <Show when={said()}>{(answer) => <Said answer={answer()} />}</Show>
      </div>
      <button type="submit" class="button primary" aria-busy={busy()} aria-disabled={!isWhole()}>
        {say(props.account === undefined ? 'adm.add_commit' : 'adm.save')}
      </button>
    </form>
  )
}

function Said(props: { readonly answer: Result<void, AdminFailure> }) {
  return (
    <Show when={props.answer.ok ? undefined : props.answer.error} fallback={<span class="text-ok">{say('adm.saved')}</span>}>
      {(code) => <span class="text-alarm">{failureSaid(code())}</span>}
    </Show>
  )
}

/** Only what is different: what is absent stays. */
function changesOf(account: Account, name: string, name_en: string): AccountChangeRequest {
  return {
    ...(name === account.name ? {} : { name }),
    ...(name_en === (account.name_en ?? '') ? {} : { name_en: name_en === '' ? null : name_en }),
  }
}
