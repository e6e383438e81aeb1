import Contrast from 'lucide-solid/icons/contrast'
import Eye from 'lucide-solid/icons/eye'
import EyeOff from 'lucide-solid/icons/eye-off'
import Languages from 'lucide-solid/icons/languages'
import RefreshCw from 'lucide-solid/icons/refresh-cw'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { createSignal, Match, onCleanup, Show, Switch } from 'solid-js'
import { Mark } from '../design/mark.tsx'
import { say, text } from '../i18n/say.tsx'
import { type RefusalWords, signInRefusal } from '../refusal-words.ts'
import { useSession } from '../session-context.ts'
import { language, setLanguage, setTheme, shownTheme } from '../settings.ts'
import { DemoLogins } from './demo-logins.tsx'
import './sign-in.css'
import { Wall } from './wall.tsx'

type Problem = 'sign_in.needed' | 'sign_in.ended' | RefusalWords | { readonly until_ms: number }

export function SignIn() {
  return (
    <div class="screen max-w-[480px]! overflow-y-auto">
      <header class="hero">
        <Wall />
        <div class="relative flex items-center gap-4.5">
          <Mark size={64} />
          <div>
            <h1 class="text-[52px]/[60px] font-extrabold">{say('app.name')}</h1>
            <p class="text-[17px]/[26px] text-on-banner-2">{say('app.motto')}</p>
          </div>
        </div>
      </header>
      <main class="contents">
        <SignInForm />
      </main>
      <footer class="flex flex-col items-center gap-1.5 bg-surface px-5 pb-3.5">
        <p class="w-full border-t border-line pt-3 text-center text-label text-text-2">{say('app.unofficial')}</p>
        <div class="flex gap-1">
          <button
            type="button"
            class="button quiet small"
            lang={language() === 'ar' ? 'en' : 'ar'}
            onClick={() => setLanguage(language() === 'ar' ? 'en' : 'ar')}
          >
            <Languages size={18} />
            {say('sign_in.other_language')}
          </button>
          <button
            type="button"
            class="button quiet small"
            aria-pressed={shownTheme() === 'contrast'}
            onClick={() => setTheme(shownTheme() === 'contrast' ? 'system' : 'contrast')}
          >
            <Contrast size={18} />
            {say('sign_in.sun')}
          </button>
        </div>
      </footer>
    </div>
  )
}

function SignInForm() {
  const session = useSession()
  const state = session.state()
  const [login, setLogin] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [shown, setShown] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const ended = state.phase === 'signed-out' && state.reason !== undefined
  const [problem, setProblem] = createSignal<Problem | undefined>(ended ? 'sign_in.ended' : undefined)

  const signIn = async (name: string, secret: string) => {
    if (busy()) return
    if (name === '' || secret === '') return setProblem('sign_in.needed')
    setBusy(true)
    const answer = await session.signIn(name, secret)
    setBusy(false)
    if (answer.ok) return
    const { code, retry_after_s } = answer.error
    const words = signInRefusal(code)
    setProblem(retry_after_s === undefined ? words : { until_ms: Date.now() + retry_after_s * 1_000 })
  }

  return (
    <form
      class="sign-in-form"
      novalidate
      onSubmit={(event) => {
        event.preventDefault()
        void signIn(login().trim(), password())
      }}
    >
      <div>
        <label class="label mb-1 block" for="login">
          {say('sign_in.login')}
        </label>
        <div class="field">
          <input
            id="login"
            class="latin-input"
            autocomplete="username"
            autocapitalize="none"
            autocorrect="off"
            spellcheck={false}
            maxLength={64}
            value={login()}
            onInput={(event) => setLogin(event.currentTarget.value)}
          />
        </div>
      </div>
      <div>
        <label class="label mb-1 block" for="password">
          {say('sign_in.password')}
        </label>
        <div class="field pe-1!">
          <input
            id="password"
            class="latin-input"
            type={shown() ? 'text' : 'password'}
            autocomplete="current-password"
            maxLength={256}
            aria-describedby="sign-in-problem"
            value={password()}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
          <button
            type="button"
            class="icon-button text-text-2"
            aria-label={text(shown() ? 'sign_in.hide' : 'sign_in.show')}
            onClick={() => setShown(!shown())}
          >
            <Show when={shown()} fallback={<Eye size={20} />}>
              <EyeOff size={20} />
            </Show>
          </button>
        </div>
        <div id="sign-in-problem" role="alert">
          <Show when={problem()}>{(what) => <ProblemLine problem={what()} />}</Show>
        </div>
      </div>
      <button type="submit" class="button primary big" aria-busy={busy()}>
        <Show when={busy()} fallback={say('sign_in.enter')}>
          <RefreshCw size={20} class="animate-spin" />
          {say('sign_in.busy')}
        </Show>
      </button>
      <p class="flex gap-2 text-label text-text-2">
        <ShieldCheck size={18} class="mt-0.5 flex-none text-ok" />
        <span>{say('sign_in.safe')}</span>
      </p>
      <DemoLogins onChoose={(name, secret) => void signIn(name, secret)} />
    </form>
  )
}

function ProblemLine(props: { readonly problem: Problem }) {
  const [now_ms, setNow] = createSignal(Date.now())
  const timer = setInterval(() => setNow(Date.now()), 1_000)
  onCleanup(() => clearInterval(timer))
  return (
    <p class="field-problem">
      <TriangleAlert size={16} />
      <span>
        <Switch>
          <Match when={typeof props.problem === 'object' && props.problem}>
            {(throttled) => <>{say('refusal.throttled', { n: Math.max(0, Math.ceil((throttled().until_ms - now_ms()) / 1_000)) })}</>}
          </Match>
          <Match when={typeof props.problem === 'string' && props.problem}>{(key) => <>{say(key())}</>}</Match>
        </Switch>
      </span>
    </p>
  )
}
