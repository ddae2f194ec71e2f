import { useEffect, useState } from 'react'

/** The present in epoch milliseconds, renewed every `every` milliseconds, for ages and estimates. */
export const useNow = (every = 15_000): number => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}
