import { render } from 'preact'
import { App } from './components/app.tsx'

const root = document.getElementById('board')
if (root !== null) {
  if (new URLSearchParams(location.search).has('wall'))
    document.documentElement.classList.add('wall')
  render(<App url={new URL('ws', location.href)} />, root)
}
