import { useEffect, useState } from 'preact/hooks'
import { useMedia } from './use-media.ts'

export type Theme = 'light' | 'dark'

const KEY = 'payer-status-theme'

/** The theme: what the reader chose last, else what the system asks for. */
export function useTheme(): [Theme, () => void] {
  const prefersDark = useMedia('(prefers-color-scheme: dark)')
  const [chosen, setChosen] = useState(remembered)
  const system = prefersDark ? 'dark' : 'light'
  const theme = chosen ?? system
  useEffect(() => {
    if (chosen === null) delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = chosen
    remember(chosen)
  }, [chosen])
  const other = theme === 'dark' ? 'light' : 'dark'
  return [theme, () => setChosen(other === system ? null : other)]
}

function remembered(): Theme | null {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'light' || value === 'dark' ? value : null
  } catch {
    return null
  }
}

/** A browser that keeps nothing still shows the theme for as long as the page is open. */
function remember(theme: Theme | null): void {
  try {
    if (theme === null) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    return
  }
}
