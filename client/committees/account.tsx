import FileUp from 'lucide-solid/icons/file-up'
import LayoutDashboard from 'lucide-solid/icons/layout-dashboard'
import LogOut from 'lucide-solid/icons/log-out'
import ScrollText from 'lucide-solid/icons/scroll-text'
import UserCog from 'lucide-solid/icons/user-cog'
import { createEffect, createSignal, on, Show } from 'solid-js'
import type { Me } from '#contract/api.ts'
import { Avatar } from '../design/avatar.tsx'
import { Choice } from '../design/choice.tsx'
import { Sheet } from '../design/sheet.tsx'
import { personName } from '../i18n/names.ts'
import { say, text } from '../i18n/say.tsx'
import { hrefOf } from '../route.ts'
import { useSession } from '../session-context.ts'
import { digits, language, setDigits, setLanguage, setTheme, theme } from '../settings.ts'
import { CopyButton } from './copy-button.tsx'

const languageNames = { ar: 'العربية', en: 'English' } as const
const digitNames = { latn: '123', arab: '١٢٣' } as const
const themeNames = {
  system: 'account.system',
  light: 'account.light',
  dark: 'account.dark',
  contrast: 'account.sun',
} as const

export function Account(props: { readonly open: boolean; readonly onClose: () => void; readonly user: Me; readonly seesAll: boolean }) {
  return (
    <Sheet
      open={props.open}
      onClose={() => props.onClose()}
      before={<Avatar person={{ id: props.user.id, name: personName(props.user) }} large />}
      title={<bdi>{personName(props.user)}</bdi>}
      subtitle={
        <p class="text-label text-text-2">
          {say(`role.${props.user.role}`)} · <bdi dir="ltr">{props.user.login}</bdi>
        </p>
      }
    >
      <div class="flex flex-col gap-3">
        <div>
          <p class="label mb-1">{say('account.language')}</p>
          <Choice label={text('account.language')} options={['ar', 'en']} chosen={language()} onChoose={setLanguage}>
            {(option) => <span lang={option}>{languageNames[option]}</span>}
          </Choice>
        </div>
        <div>
          <p class="label mb-1">{say('account.digits')}</p>
          <Choice label={text('account.digits')} options={['latn', 'arab']} chosen={digits()} onChoose={setDigits}>
            {(option) => <bdi class="text-title">{digitNames[option]}</bdi>}
          </Choice>
        </div>
        <div>
          <p class="label mb-1">{say('account.colours')}</p>
          <Choice label={text('account.colours')} options={['system', 'light', 'dark', 'contrast']} chosen={theme()} onChoose={setTheme}>
            {(option) => say(themeNames[option])}
          </Choice>
        </div>
        <Show when={props.seesAll}>
          <a class="button soft mt-1" href={hrefOf({ place: 'overview' })}>
            <LayoutDashboard size={20} />
            {say('ov.enter')}
          </a>
        </Show>
        <Show when={props.user.role === 'administrator'}>
          <a class="button soft" href={hrefOf({ place: 'admin' })}>
            <UserCog size={20} />
            {say('adm.title')}
          </a>
          <a class="button soft" href={hrefOf({ place: 'import' })}>
            <FileUp size={20} />
            {say('account.import')}
          </a>
          <a class="button soft" href={hrefOf({ place: 'audit' })}>
            <ScrollText size={20} />
            {say('account.audit')}
          </a>
        </Show>
        <SignOut open={props.open} onStay={() => props.onClose()} />
      </div>
    </Sheet>
  )
}

/** Leaves at once when everything is on the server and looked at; else says first what stays here, and asks. */
function SignOut(props: { readonly open: boolean; readonly onStay: () => void }) {
  const session = useSession()
  const [asking, setAsking] = createSignal(false)
  const isLeft = () => session.unsent() > 0 || session.tray().length > 0
  createEffect(
    on(
      () => props.open,
      () => setAsking(false),
    ),
  )
  return (
    <Show
      when={asking() && isLeft()}
      fallback={
        <button type="button" class="button secondary mt-1" onClick={() => (isLeft() ? setAsking(true) : void session.signOut())}>
          <LogOut size={20} class="mirror" />
          {say('account.sign_out')}
        </button>
      }
    >
      <section role="alert" class="rounded-card border-2 border-dashed border-here bg-here-soft p-3.5">
        <Show when={session.unsent() > 0}>
          <h3 class="text-body font-bold">{say('account.unsent', { n: session.unsent() })}</h3>
          <p class="text-label text-text-2">{say(session.storage() === 'kept' ? 'account.unsent_why' : 'account.unsent_lost')}</p>
        </Show>
        <Show when={session.tray().length > 0}>
          <h3 class="text-body font-bold">{say('account.tray', { n: session.tray().length })}</h3>
          <p class="text-label text-text-2">{say(session.storage() === 'kept' ? 'account.tray_why' : 'account.unsent_lost')}</p>
        </Show>
        <div class="mt-3 flex flex-wrap gap-2">
          <button type="button" class="button primary small grow" onClick={() => props.onStay()}>
            {say('account.stay')}
          </button>
          <Show when={session.storage() !== 'kept'}>
            <CopyButton />
          </Show>
          <button type="button" class="button secondary small grow" onClick={() => void session.signOut()}>
            {say(session.storage() === 'kept' ? 'account.leave' : 'account.leave_without')}
          </button>
        </div>
      </section>
    </Show>
  )
}
