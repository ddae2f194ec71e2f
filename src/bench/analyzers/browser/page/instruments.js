// Evaluated in a world of its own beside the page's scripts: the page can neither see nor replace what is here.
globalThis.assay = (() => {
  /** A selector that finds the element again on a fresh load: by id, or by the way down from one. */
  function selectorOf(element) {
    const parts = []
    for (let at = element; at instanceof Element; at = at.parentElement) {
      if (at.id && document.querySelectorAll(`#${CSS.escape(at.id)}`).length === 1) {
        parts.unshift(`#${CSS.escape(at.id)}`)
        break
      }
      const name = at.localName
      const same = at.parentElement ? [...at.parentElement.children].filter((other) => other.localName === name) : []
      parts.unshift(same.length > 1 ? `${name}:nth-of-type(${same.indexOf(at) + 1})` : name)
    }
    return parts.join(' > ')
  }

  const htmlOf = (element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 300)
  const nameOf = (element) =>
    (element.getAttribute('aria-label') || element.textContent || element.value || element.title || '')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 80)

  function isVisible(element) {
    return (
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.getClientRects().length > 0
    )
  }

  /** Web vitals as defined at web.dev/articles/vitals, from the browser's own entries. */
  const entries = { paint: 0, shifts: [], interactions: new Map() }
  const observe = (type, take, options) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...options })

  function watchVitals() {
    observe('largest-contentful-paint', (entry) => {
      entries.paint = Math.max(entries.paint, entry.startTime)
    })
    observe('layout-shift', (entry) => {
      if (!entry.hadRecentInput) entries.shifts.push({ at: entry.startTime, value: entry.value })
    })
    observe(
      'event',
      ({ interactionId, duration }) => {
        if (interactionId)
          entries.interactions.set(interactionId, Math.max(duration, entries.interactions.get(interactionId) ?? 0))
      },
      { durationThreshold: 16 },
    )
  }

  /** The worst session of shifts: those less than a second apart, five seconds at most. */
  function layoutShift() {
    let [worst, sum, began, last] = [0, 0, 0, Number.NEGATIVE_INFINITY]
    for (const { at, value } of entries.shifts) {
      if (at - last > 1000 || at - began > 5000) [sum, began] = [0, at]
      sum += value
      last = at
      worst = Math.max(worst, sum)
    }
    return worst
  }

  const vitals = () => ({
    largestPaint: entries.paint,
    layoutShift: layoutShift(),
    slowestInteraction: entries.interactions.size > 0 ? Math.max(...entries.interactions.values()) : null,
  })

  const links = () =>
    [...document.querySelectorAll('a[href]')].slice(0, 300).map((element) => ({
      href: element.href,
      written: element.getAttribute('href'),
      text: nameOf(element),
      selector: selectorOf(element),
      html: htmlOf(element),
      download: element.hasAttribute('download'),
    }))

  /** Whether the place inside the page a link names is there. */
  function hasPlace(fragment) {
    const id = decodeURIComponent(fragment)
    return (
      id === '' || id === 'top' || document.getElementById(id) !== null || document.getElementsByName(id).length > 0
    )
  }

  /** How much wider than the window the page is, and what sticks out furthest. */
  function overflow() {
    const width = document.documentElement.clientWidth
    const beyond = document.documentElement.scrollWidth - width
    if (beyond <= 1) return { beyond: 0, elements: [] }
    const wide = [...document.body.querySelectorAll('*')]
      .filter((element) => isVisible(element) && element.getBoundingClientRect().right > width + 1)
      .filter((element) => ![...element.children].some((child) => child.getBoundingClientRect().right > width + 1))
    return {
      beyond,
      elements: wide.slice(0, 3).map((element) => ({ selector: selectorOf(element), html: htmlOf(element) })),
    }
  }

  const isChosen = (element) =>
    ['aria-pressed', 'aria-selected', 'aria-checked'].some((name) => element.getAttribute(name) === 'true') ||
    element.hasAttribute('aria-current') ||
    /\b(?:active|selected|current)\b/i.test(element.className)

  /** What looks as if a click did something and can be clicked now; what is already chosen has nothing left to do. */
  function controls() {
    const all = document.querySelectorAll(
      'button, input[type=button], input[type=submit], [role=button], a:not([href]), a[href="#"], a[href^="javascript:"]',
    )
    return [...all]
      .filter((element) => isVisible(element) && !element.disabled && element.getAttribute('aria-disabled') !== 'true')
      .filter((element) => !isChosen(element) && (element.localName !== 'a' || nameOf(element) !== ''))
      .slice(0, 60)
      .map((element) => ({ selector: selectorOf(element), name: nameOf(element), html: htmlOf(element) }))
  }

  const samples = {
    email: 'person@example.com',
    number: '3',
    url: 'https://example.com/',
    tel: '+4915112345678',
    date: '2026-06-15',
  }

  /** Fields that are empty and what to type into them: a button beside an empty field has nothing to work with. */
  const fields = () =>
    [...document.querySelectorAll('input, textarea')]
      .filter((element) => isVisible(element) && !element.disabled && !element.readOnly && element.value === '')
      .filter(({ type }) =>
        ['text', 'search', 'email', 'url', 'tel', 'number', 'password', 'date', 'textarea'].includes(type),
      )
      .slice(0, 20)
      .map((element) => ({ selector: selectorOf(element), text: samples[element.type] ?? 'Sample text 1' }))

  /** What a click may change without changing the document: values, places, storage, focus. */
  function stateOf(control) {
    const values = [...document.querySelectorAll('input, textarea, select, details, dialog, video, audio')].map(
      (element) => [element.value, element.checked, element.open, element.paused].join(),
    )
    const stored = [localStorage, sessionStorage].map((storage) => JSON.stringify(storage))
    const focus =
      document.activeElement === control ? 'control' : document.activeElement && selectorOf(document.activeElement)
    const scrolled = [
      scrollX,
      scrollY,
      ...[...document.querySelectorAll('*')].filter(({ scrollTop }) => scrollTop > 0).map(({ scrollTop }) => scrollTop),
    ]
    return JSON.stringify([
      values,
      stored,
      focus,
      scrolled,
      location.href,
      document.cookie,
      Boolean(document.fullscreenElement),
    ])
  }

  let watched

  /** From now on, is anything changed? The control has the focus already, as a click would give it. */
  function watchChanges(selector) {
    const control = document.querySelector(selector)
    control?.focus({ preventScroll: true })
    let mutations = 0
    const observer = new MutationObserver((records) => {
      mutations += records.length
    })
    watched?.observer.disconnect()
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    watched = {
      control,
      before: stateOf(control),
      observer,
      mutations: () => mutations + observer.takeRecords().length,
    }
  }

  const hasChanged = () => watched.mutations() > 0 || stateOf(watched.control) !== watched.before

  watchVitals()
  return { vitals, links, hasPlace, overflow, controls, fields, watchChanges, hasChanged }
})()
