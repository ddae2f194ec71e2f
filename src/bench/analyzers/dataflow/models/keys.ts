import { exportedMerges } from '../checks/exported-merges.ts'
import { keyObserver } from '../checks/keys.ts'
import type { Model } from './model.ts'

/**
 * Prototype pollution. Sources: developer.mozilla.org (Security, Prototype pollution), lodash.com (set, merge, defaultsDeep), the
 * documentation of the packages named. What is parsed is an object again: its keys are the sender's.
 */
export const keys: Model = {
  passes: [
    {
      names: ['JSON.parse', 'qs.parse', 'querystring.parse', 'json5.parse', 'yaml.load', 'js-yaml.load', 'yaml.parse'],
      adds: ['structure'],
    },
  ],
  sinks: [
    {
      names: [
        'lodash.merge',
        'lodash.mergeWith',
        'lodash.defaultsDeep',
        'lodash/merge',
        'lodash/mergeWith',
        'lodash/defaultsDeep',
        'lodash.merge.default',
        'merge',
        'merge-deep',
        'deepmerge',
        'deep-extend',
        'extend',
        'just-extend',
        'node.extend',
        'defaults-deep',
        'mixin-deep',
        'hoek.merge',
        'hoek.applyToDefaults',
      ],
      rule: 'prototype-pollution',
      kinds: ['property'],
      arguments: [1, 2, 3],
      deep: true,
      confidence: 'medium',
    },
    {
      names: [
        'lodash.set',
        'lodash.setWith',
        'lodash.update',
        'lodash/set',
        'lodash/setWith',
        'object-path.set',
        'object-path.push',
        'dot-prop.set',
        'dot-prop.setProperty',
        'dottie.set',
        'set-value',
        'jsonpointer.set',
        'dset',
        'dset.dset',
        'property-expr.setter',
      ],
      rule: 'prototype-pollution',
      kinds: ['property'],
      arguments: [1],
      confidence: 'medium',
    },
  ],
  observers: [keyObserver, exportedMerges],
  guards: [
    {
      names: ['Object.hasOwn', 'Object.prototype.hasOwnProperty.call'],
      argument: 1,
      removes: ['property'],
    },
    { names: ['?.hasOwnProperty', '*.hasOwnProperty'], argument: 0, removes: ['property'] },
  ],
}
