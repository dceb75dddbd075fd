/** Provider portals: a login page, and pages anybody may read. */
import { type Answer, type Family, html } from './answer.ts'
import type { EndpointPlan } from './catalog.ts'

/** A provider portal in HTML. */
export const portal: Family = {
  watch: ({ type }) => ({
    path: '',
    method: 'GET',
    expect: { status: 200, body: type === 'login' ? 'Sign in' : 'Claims mailing address' },
  }),
  healthy(endpoint, ask) {
    if (ask.path !== '') return portal.failing(endpoint, 404)
    if (ask.method !== 'GET' && ask.method !== 'HEAD') return portal.failing(endpoint, 405)
    return endpoint.type === 'login' ? loginPage(endpoint) : addressPage(endpoint)
  },
  failing: ({ payerName }, status) => html(status, payerName, `<h1>Error ${status}</h1>`),
  unavailable: ({ payerName }) =>
    html(200, payerName, '<h1>We are sorry</h1>\n<p>Our system cannot process your request.</p>'),
  rejected: (endpoint) => portal.failing(endpoint, 400),
}

function loginPage({ payerName }: EndpointPlan): Answer {
  const form = [
    '<form method="post">',
    '<label>User ID <input name="user"></label>',
    '<label>Password <input type="password" name="password"></label>',
    '<button>Sign in</button>',
    '</form>',
  ]
  const page = [`<h1>${payerName} for providers</h1>`, ...form]
  return html(200, `Provider sign in | ${payerName}`, page.join('\n'))
}

function addressPage({ payerName, payerId }: EndpointPlan): Answer {
  const page = [
    '<h1>Claims mailing address</h1>',
    `<p>${payerName}, Claims, 1 Example Way, Anytown</p>`,
    `<p>Electronic payer ID: ${payerId}</p>`,
  ]
  return html(200, `Contact us | ${payerName}`, page.join('\n'))
}

/** A page that says the site is closed for a while. With 503 it says for how long. */
export function maintenancePage({ payerName }: EndpointPlan, status: 200 | 503): Answer {
  const text = 'This site is currently unavailable due to scheduled maintenance.'
  const page = html(status, payerName, `<h1>We will be back soon</h1>\n<p>${text}</p>`)
  return status === 200 ? page : { ...page, headers: { ...page.headers, 'retry-after': '60' } }
}

/** A page that a web application firewall shows to robots. */
export function botWall(): Answer {
  const text = 'You do not have permission to access this server.'
  return html(403, 'Access Denied', `<h1>Access Denied</h1>\n<p>${text} Reference #0.00000000</p>`)
}
