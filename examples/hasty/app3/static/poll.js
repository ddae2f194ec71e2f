const live = document.getElementById('live')

async function refresh() {
  const response = await fetch(`/polls/${live.dataset.poll}/results.json`)
  const counts = await response.json()
  live.innerHTML = counts.map((count) => `<p>${count.text}: ${count.votes}</p>`).join('')
}

function copyLink() {
  // copy the link to the clipboard
}

refresh()
setInterval(refresh, 5000)
