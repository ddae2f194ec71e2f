import { createContext, useContext } from 'react'
import { mayAct } from '../api/session.ts'
import type { Role, Session } from '../api/types.ts'

const SessionContext = createContext<Session | undefined>(undefined)
export const SessionProvider = SessionContext.Provider

/** Who is signed in. Only under the shell. */
export const useSession = (): Session => {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession is used outside the shell')
  return session
}

/** Whether the person may do what `role` is needed for; the server decides again. */
export const useMay = (role: Role): boolean => mayAct(useSession().role, role)
