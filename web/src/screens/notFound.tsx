import { Link } from '@tanstack/react-router'
import { buttonClass } from '../components/button.tsx'
import { EmptyState } from '../components/notices.tsx'

export const NotFound = () => (
  <EmptyState
    screen
    title="There is nothing at this address"
    action={
      <Link to="/studies" className={buttonClass()}>
        Go to the studies
      </Link>
    }
  >
    The link may be old, or what it showed was deleted.
  </EmptyState>
)
