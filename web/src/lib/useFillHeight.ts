import { type RefObject, useLayoutEffect, useState } from 'react'

const least = 320

/**
 * The height in pixels that lets a scrolling box end at the bottom of the window, `below` pixels kept free for what stands
 * under it. Follows the window and whatever changes above the box.
 */
export const useFillHeight = (box: RefObject<HTMLElement | null>, below: number): number => {
  const [height, setHeight] = useState(least)
  useLayoutEffect(() => {
    const measure = () => {
      const top = (box.current?.getBoundingClientRect().top ?? 0) + window.scrollY
      setHeight(Math.max(least, Math.floor(window.innerHeight - top - below)))
    }
    measure()
    const observer = new ResizeObserver(measure)
    const page = box.current?.closest('main')
    if (page) observer.observe(page)
    window.addEventListener('resize', measure)
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', measure)
    }
  }, [box, below])
  return height
}
