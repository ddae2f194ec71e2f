'use strict'

;(() => {
  const numbers = JSON.parse(document.getElementById('numbers').textContent)
  const most = Math.max(1, ...numbers.map((entry) => entry.votes))
  const bars = numbers.map((entry) => {
    const bar = document.createElement('div')
    bar.className = 'bar'
    bar.title = `${entry.text}: ${entry.votes}`
    bar.style.width = `${(entry.votes / most) * 100}%`
    return bar
  })
  document.getElementById('chart').replaceChildren(...bars)
})()
