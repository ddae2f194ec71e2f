import { expect, test } from 'vitest'
import { importedDistributions } from './distributions.ts'

test('an app that declares nothing is taken by its imports', () => {
  const text = `import os
import jwt, json
from flask import Flask
from flask_cors import CORS
    from dotenv import load_dotenv
from PIL import Image
from models import db
`
  expect(importedDistributions(text)).toEqual(['pyjwt', 'flask', 'flask-cors', 'python-dotenv', 'pillow'])
})
