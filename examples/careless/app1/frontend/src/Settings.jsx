import { useState } from 'react';

export default function Settings({ onSaved }) {
  const [theme, setTheme] = useState('light');
  const [language, setLanguage] = useState('en');

  const save = async () => {
    await fetch('http://localhost:5000/api/settings', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ theme, language }),
    });
    onSaved();
  };

  return (
    <form onSubmit={save}>
      <label>
        Theme
        <select value={theme} onChange={(e) => setTheme(e.target.value)}>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
      <label>
        Language
        <select value={language} onChange={(e) => setLang
