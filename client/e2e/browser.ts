import type { LaunchOptions } from '@playwright/test'

/** Debian's Chromium; elsewhere `CHROMIUM` names one. It looks for nothing on a network of its own accord. */
export const chromium: LaunchOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}
