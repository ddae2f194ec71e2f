```javascript
export function formatDate(value) {
  if (!value) return '';
  return new Date(value).toLocaleDateString();
}

export function shorten(text) {
  return text.length > 80 ? text.slice(0, 80) + '...' : text;
}
```
