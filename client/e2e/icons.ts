import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { chromium as options } from './browser.ts'

// The app's icons from its mark. Run after the mark has changed (`npm run icons`); what comes out is committed.

const mark = readFileSync(new URL('../design/mark.svg', import.meta.url), 'utf8')
const out = new URL('../public/icons/', import.meta.url)

/** A system that cuts its own shape gets the ground to the corners, and the tally within the circle it leaves (80 percent). */
const fullGround = (scale: number): string => {
  const move = 20 * (1 - scale)
  return mark.replace(/ rx="[^"]+"/, '').replace('<path ', `<path transform="matrix(${scale} 0 0 ${scale} ${move} ${move})" `)
}

const icons = [
  { name: 'icon-192', size: 192, svg: mark },
  { name: 'icon-512', size: 512, svg: mark },
  { name: 'maskable-512', size: 512, svg: fullGround(0.85) },
  { name: 'apple-touch-icon', size: 180, svg: fullGround(0.95) },
]

const browser = await chromium.launch(options)
for (const { name, size, svg } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`)
  writeFileSync(new URL(`${name}.png`, out), await page.screenshot({ omitBackground: true }))
  await page.close()
}
await browser.close()
