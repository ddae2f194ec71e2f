// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are source code
import { browserRules } from './browser.ts'
import { testRules } from './testing.ts'

testRules('browser', browserRules, {
  'raw-html': {
    vulnerable: [
      ['a.js', "const message = new URLSearchParams(location.search).get('message')\nbox.innerHTML = message"],
      ['a.jsx', 'const A = ({ html }) => <div dangerouslySetInnerHTML={{ __html: html }} />'],
      ['a.js', 'element.innerHTML = `<li>${item.name}</li>`'],
      ['a.js', "element.insertAdjacentHTML('beforeend', '<p>' + comment + '</p>')"],
      ['a.js', 'document.write(location.hash)'],
      ['a.js', 'list.innerHTML = items.map((item) => `<li>${item.title}</li>`).join("")'],
      ['a.html', '<p id="x"></p><script>document.getElementById("x").innerHTML = name</script>'],
      ['a.py', 'from markupsafe import Markup\nm = Markup(f"<b>{name}</b>")'],
      [
        'a.jsx',
        "import { marked } from 'marked'\nconst A = ({ text }) => <div dangerouslySetInnerHTML={{ __html: marked(text) }} />",
      ],
    ],
    safe: [
      [
        'a.js',
        "box.innerHTML = '<p>' + escapeHtml(name) + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a '",
      ],
      [
        'a.jsx',
        "import DOMPurify from 'dompurify'\nconst A = ({ html }) => <div dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(html) }} />",
      ],
      [
        'a.jsx',
        'const A = ({ html }) => { const clean = DOMPurify.sanitize(html)\n return <div dangerouslySetInnerHTML={{ __html: clean }} /> }',
      ],
      ['a.js', "element.innerHTML = ''"],
      ['a.js', 'element.innerHTML = `<li>${escapeHtml(item.name)}</li>`'],
      ['a.js', 'element.textContent = name'],
      ['a.js', 'list.innerHTML = items.map((item) => `<li>${escapeHtml(item.title)}</li>`).join("")'],
      ['a.js', 'badge.innerHTML = `<b>${items.length}</b>`'],
      ['a.py', 'from markupsafe import Markup\nm = Markup("<b>bold</b>")'],
      ['a.jsx', 'const A = () => <style dangerouslySetInnerHTML={{ __html: css }} />'],
    ],
  },
  'target-blank-opener': {
    vulnerable: [
      ['a.jsx', 'const A = () => <a href="https://example.org" target="_blank">x</a>'],
      ['a.tsx', 'const A = ({ url }: P) => <a href={url} target="_blank">x</a>'],
      ['a.jsx', 'const A = () => <a href={`https://${host}`} target={"_blank"} rel="nofollow">x</a>'],
    ],
    safe: [
      ['a.jsx', 'const A = () => <a href="https://example.org" target="_blank" rel="noopener noreferrer">x</a>'],
      ['a.jsx', 'const A = () => <a href="/help" target="_blank">x</a>'],
      ['a.jsx', 'const A = ({ url }) => <a href={url}>x</a>'],
      ['a.jsx', 'const A = (props) => <a {...props} target="_blank">x</a>'],
    ],
  },
})
