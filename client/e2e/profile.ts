import { mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { chromium as launchOptions } from './browser.ts'
import { phone, type Stage } from './stage.ts'

/** A browser with a profile on disk, which can be closed or killed, and opened again. */
export function makeBrowser(stage: Stage, locale = 'en-GB') {
  const profile = mkdtempSync(join(tmpdir(), 'lajna-profile-'))
  let context: BrowserContext | undefined
  return {
    open: async (): Promise<Page> => {
      context = await chromium.launchPersistentContext(profile, {
        ...launchOptions,
        baseURL: stage.server.url,
        viewport: phone,
        hasTouch: true,
        locale,
      })
      return context.pages()[0] ?? context.newPage()
    },
    close: () => context?.close(),
    /** As when the battery dies: no page hears of it. The lock of the profile names the process. */
    kill: async () => {
      const gone = new Promise((resolve) => context?.once('close', resolve))
      process.kill(Number(/\d+$/.exec(readlinkSync(join(profile, 'SingletonLock')))?.[0]), 'SIGKILL')
      await gone
      for (const lock of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) rmSync(join(profile, lock), { force: true })
    },
    [Symbol.asyncDispose]: async () => {
      await context?.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
