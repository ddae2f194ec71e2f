import { configured, pythonSettings } from '../checks/settings.ts'
import type { Model } from './model.ts'

/**
 * Settings of Flask and Django. Sources: flask.palletsprojects.com (Configuration Handling, Security Considerations),
 * flask-wtf.readthedocs.io (Configuration), flask-jwt-extended.readthedocs.io (Configuration Options),
 * docs.djangoproject.com (ref/settings, howto/deployment/checklist).
 */
export const settings: Model = {
  checks: [
    {
      names: ['*.update', '*.from_mapping', '*.from_object', '*.from_pyfile'],
      rule: 'insecure-cookie',
      judge: configured,
      message: 'A setting is wrong.',
    },
  ],
  observers: [pythonSettings],
}
