/** How long an idle connection is kept, ms. */
export const IDLE_AGE = 60_000
/** Most idle connections kept to one origin. */
export const MAX_IDLE_PER_ORIGIN = 4
