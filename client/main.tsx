import { render } from 'solid-js/web'
import './design/index.css'
import { App } from './app.tsx'
import { preloadFont } from './design/font.ts'
import { applySettings } from './settings.ts'

applySettings()
preloadFont()

const root = document.getElementById('app')
if (root !== null) render(() => <App />, root)
