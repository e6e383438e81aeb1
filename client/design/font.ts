import arabic from '@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2?url'
import { language } from '../settings.ts'

/** Fetches the Arabic letters beside the script, where the first screen needs them; elsewhere `unicode-range` decides. */
export function preloadFont(): void {
  if (language() !== 'ar') return
  const link = document.createElement('link')
  link.rel = 'preload'
  link.as = 'font'
  link.type = 'font/woff2'
  link.crossOrigin = 'anonymous'
  link.href = arabic
  document.head.append(link)
}
