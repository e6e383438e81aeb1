import { chromium } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { chromium as options } from './browser.ts'
import { signIn, myCommittees } from './stage.ts'
import { freePort, makeServer } from '#load/driver/server.ts'
const dir = mkdtempSync('/tmp/e2e-own/d-')
const server = makeServer(await freePort(), { DATA_DIR: dir, DEMO: '1' })
await server.start()
const b = await chromium.launch(options)
const p = await (await b.newContext({ baseURL: server.url, viewport: { width: 360, height: 640 }, locale: 'en-GB' })).newPage()
await p.goto('/'); await signIn(p, 'counter1'); await myCommittees(p).waitFor(); await p.waitForTimeout(500); await p.screenshot({ path: '/tmp/e2e-own/card.png' })
await p.goto('/#/committee/u07/count'); await p.locator('.tile').first().waitFor(); for (let n = 0; n < 16; n++) await p.locator('.tile').nth(n).click(); await p.waitForTimeout(500); await p.screenshot({ path: '/tmp/e2e-own/toast.png' })
await b.close(); await server.stop(); rmSync(dir, { recursive: true })
