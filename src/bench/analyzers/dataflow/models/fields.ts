import {
  inData,
  intoRecord,
  mongoDocument,
  namedAttribute,
  onModel,
  pythonUpdate,
  recordObserver,
  wholeAt,
} from '../checks/fields.ts'
import type { Model } from './model.ts'

const rule = 'mass-assignment' as const
const message = 'Whatever fields the request names are written to a record.'
const fix = 'Copy the fields that may be set one by one, or parse the request with a schema first.'
const check = { rule, message, fix } as const

/**
 * Records written as they were sent, in Python. Sources: docs.sqlalchemy.org (Query.update, Insert.values),
 * docs.djangoproject.com (QuerySet.create, update), flask-sqlalchemy, mongoengine, pymongo (update_one).
 */
export const pythonFields: Model = {
  checks: [
    { names: ['setattr'], ...check, judge: namedAttribute },
    { names: ['*.update', '?.update', '*.values', '?.values'], ...check, judge: pythonUpdate },
    {
      names: ['*.insert_one', '?.insert_one', '*.update_one', '?.update_one', '*.find_one_and_update', '*.replace_one'],
      ...check,
      judge: mongoDocument,
    },
    { names: ['*.objects.update_or_create', '*.objects.get_or_create'], ...check, judge: wholeAt('defaults') },
  ],
  observers: [recordObserver],
}

/**
 * The same in JavaScript. Sources: mongoosejs.com (Model), sequelize.org (Model.create, build, update), prisma.io (create,
 * update, upsert), typeorm.io (Repository), knexjs.org (insert, update), orm.drizzle.team (values, set), lodash.com.
 */
export const scriptFields: Model = {
  checks: [
    {
      names: [
        '*.create',
        '?.create',
        '*.insertMany',
        '?.insertMany',
        '*.build',
        '?.build',
        '*.bulkCreate',
        '?.bulkCreate',
        '*.upsert',
        '?.upsert',
        '*.save',
        '?.save',
        '*.insert',
        '?.insert',
        '*.insertOne',
        '?.insertOne',
      ],
      ...check,
      judge: onModel(0),
    },
    {
      names: [
        'findByIdAndUpdate',
        'findOneAndUpdate',
        'findOneAndReplace',
        'updateOne',
        'updateMany',
        'replaceOne',
        'update',
        'merge',
        'patchAndFetchById',
        'updateAndFetchById',
      ].flatMap((name) => [`*.${name}`, `?.${name}`]),
      ...check,
      judge: (site) => onModel(1)(site) ?? onModel(1, '$set')(site),
    },
    {
      names: ['update', 'set', 'patch', 'insertAndFetch', 'patchAndFetch'].flatMap((name) => [
        `*.${name}`,
        `?.${name}`,
      ]),
      ...check,
      judge: onModel(0),
    },
    {
      names: ['create', 'update', 'upsert', 'updateMany', 'createMany', 'findOrCreate'].flatMap((name) => [
        `*.${name}`,
        `?.${name}`,
      ]),
      ...check,
      judge: inData,
    },
    {
      names: [
        'knex().insert',
        'knex()().insert',
        'knex()().update',
        'knex()().where().update',
        'drizzle-orm.*.values',
        '*.insert().values',
        '*.update().set',
        '?.insert().values',
      ],
      ...check,
      judge: wholeAt(0),
    },
    {
      names: ['Object.assign', 'lodash.assign', 'lodash.extend', 'lodash.merge', '_.assign', '_.extend', '_.merge'],
      ...check,
      judge: intoRecord,
    },
  ],
  observers: [recordObserver],
}
