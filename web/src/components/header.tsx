import type { Ref } from 'preact'
import type { Theme } from '../hooks/use-theme.ts'
import { overview, type Page } from '../view/address.ts'
import type { LiveView } from '../view/live.ts'
import { Link } from './link.tsx'
import { LiveIndicator } from './live-indicator.tsx'

type Props = {
  live: LiveView
  page: Page
  text: string
  onText(text: string): void
  searchRef: Ref<HTMLInputElement>
  theme: Theme
  onTheme(): void
  onHelp(): void
}

const incidents: Page = { kind: 'incidents', incident: null }

/** The top of the page: whose it is, whether it is live, and how to find something. */
export function Header({ live, page, text, onText, searchRef, theme, onTheme, onHelp }: Props) {
  return (
    <header class="top">
      <h1>
        <Mark />
        Payer Status Monitor
      </h1>
      <nav aria-label="Pages">
        <Link to={overview} isCurrent={page.kind === 'overview'}>
          Overview
        </Link>
        <Link to={incidents} isCurrent={page.kind === 'incidents'}>
          Incidents
        </Link>
      </nav>
      <LiveIndicator live={live} />
      <search class="search">
        <input
          ref={searchRef}
          type="search"
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
          placeholder="Payer, payer id, type, status"
          aria-label="Search payers, ids, types and statuses"
          autoComplete="off"
          spellcheck={false}
        />
      </search>
      <div class="tools">
        <button type="button" class="tool" onClick={onTheme}>
          <ThemeIcon theme={theme} />
          <span class="said">{theme === 'dark' ? 'Light theme' : 'Dark theme'}</span>
        </button>
        <button type="button" class="tool" onClick={onHelp}>
          <span aria-hidden="true">?</span>
          <span class="said">Keyboard and shapes</span>
        </button>
      </div>
    </header>
  )
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M5 17h5l3-8 5 15 3-7h6" />
    </svg>
  )
}

function ThemeIcon({ theme }: { theme: Theme }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" class="icon">
      {theme === 'dark' ? (
        <path d="M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9 13 13M13 3l-1.1 1.1M4.1 11.9 3 13" />
      ) : (
        <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z" />
      )}
    </svg>
  )
}
