import { createEffect, createMemo, createRoot, createSignal, onCleanup } from 'solid-js'
import type { Digits } from './i18n/digits.ts'

// Settings belong to the device, not to the person: whoever picks up the phone finds it as it was, also before signing in.

export type Language = 'ar' | 'en'
/** `system` follows the device: dark, and high contrast where it asks for more. */
export type Theme = 'system' | 'light' | 'dark' | 'contrast'

/** The first of the browser's languages that we speak. Someone whose browser names neither can more likely read English. */
function languageOf(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split('-')[0]
    if (primary === 'ar' || primary === 'en') return primary
  }
  return 'en'
}

// A browser that forbids storage still runs: the setting then lives as long as the page.
function kept<Value extends string>(name: string, allowed: readonly Value[]): Value | undefined {
  try {
    const value = localStorage.getItem(`lajna.${name}`)
    return allowed.find((one) => one === value)
  } catch {
    return undefined
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`lajna.${name}`, value)
  } catch {
    // Nothing to do: see `kept`.
  }
}

/** A signal that follows a media query. Call inside an owner. */
export function createMedia(query: string): () => boolean {
  const list = matchMedia(query)
  const [matches, setMatches] = createSignal(list.matches)
  const follow = () => setMatches(list.matches)
  list.addEventListener('change', follow)
  onCleanup(() => list.removeEventListener('change', follow))
  return matches
}

function createSetting<Value extends string>(name: string, allowed: readonly Value[], otherwise: Value) {
  const [value, setValue] = createSignal<Value>(kept(name, allowed) ?? otherwise)
  const set = (next: Value) => {
    setValue(() => next)
    keep(name, next)
  }
  return [value, set] as const
}

export const [language, setLanguage] = createSetting<Language>('language', ['ar', 'en'], languageOf(navigator.languages))
export const [digits, setDigits] = createSetting<Digits>('digits', ['latn', 'arab'], 'latn')
export const [theme, setTheme] = createSetting<Theme>('theme', ['system', 'light', 'dark', 'contrast'], 'system')

/** The theme on the screen, `system` resolved. */
export const shownTheme = createRoot(() => {
  const wantsContrast = createMedia('(prefers-contrast: more)')
  const wantsDark = createMedia('(prefers-color-scheme: dark)')
  return createMemo(() => {
    const chosen = theme()
    if (chosen !== 'system') return chosen
    if (wantsContrast()) return 'contrast'
    return wantsDark() ? 'dark' : 'light'
  })
})

/** Writes the settings onto the document. Called once, before the first screen. */
export function applySettings(): void {
  createRoot(() => {
    createEffect(() => {
      document.documentElement.lang = language()
      document.documentElement.dir = language() === 'ar' ? 'rtl' : 'ltr'
      document.documentElement.dataset.theme = shownTheme()
    })
  })
}
