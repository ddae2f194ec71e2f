var pollId = location.pathname.split('/')[2];

function refresh() {
  fetch('/polls/' + pollId + '/live').then(function (res) {
    return res.json();
  }).then(function (rows) {
    document.getElementById('live').innerHTML = rows.map(function (row) {
      return '<p>' + row.choice + ': ' + row.votes + '</p>';
    }).join('');
  });
}

function vote(choice) {
  fetch('/polls/' + pollId + '/vote', { method: 'PUT', body: 'choice=' + choice });
}

function share() {
  alert('Coming soon');
}

if (location.hash == '#results') {
  document.write(decodeURIComponent(location.hash));
}

setInterval('refresh()', 2000);
