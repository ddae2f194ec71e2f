import { reactRules } from './react.ts'
import { testRules } from './testing.ts'

testRules('react', reactRules, {
  'effect-without-dependencies': {
    vulnerable: [
      ['A.jsx', 'function A() { useEffect(() => { setCount(count + 1) }) }'],
      [
        'A.jsx',
        "import { useEffect } from 'react'\nfunction A() { const load = async () => { setItems(await get()) }\n useEffect(() => { load() }) }",
      ],
      [
        'A.tsx',
        "import React from 'react'\nfunction A() { React.useEffect(() => { fetch('/a').then((r) => setData(r)) }) }",
      ],
    ],
    safe: [
      ['A.jsx', 'function A() { useEffect(() => { setCount(count + 1) }, []) }'],
      ['A.jsx', 'function A() { useEffect(() => { document.title = name }) }'],
      ['A.jsx', 'function A() { useEffect(() => { setTimeout(tick, 10) }) }'],
    ],
  },
})
