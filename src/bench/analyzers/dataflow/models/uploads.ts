import {
  namedByCallback,
  openedForWriting,
  pathOpenedForWriting,
  savedUnder,
  storageOf,
  uploadName,
} from '../checks/uploads.ts'
import type { Model } from './model.ts'

const rule = 'unrestricted-upload' as const
const message = 'The upload is saved under the ending its sender gave it.'
const said = { rule, message } as const

/**
 * Uploads in Python. Sources: flask.palletsprojects.com (Uploading Files), werkzeug (FileStorage.save), fastapi.tiangolo.com
 * (UploadFile), docs.djangoproject.com (UploadedFile, Storage.save), docs.python.org (open, pathlib, shutil, os).
 */
export const pythonUploads: Model = {
  sources: [
    { names: ['flask.request.files.getlist', 'quart.request.files'], input: 'an uploaded file' },
    { names: ['starlette.datastructures.UploadFile().filename'], input: uploadName },
  ],
  checks: [
    {
      names: ['*.files.*.save', '*.files[].save', '*.files.get().save', '?.save', '*.getlist().save'],
      ...said,
      judge: savedUnder([0, 'dst']),
    },
    {
      names: ['open', 'io.open', 'builtins.open', 'aiofiles.open', 'codecs.open', 'anyio.open_file'],
      ...said,
      judge: openedForWriting,
    },
    {
      names: ['*.write_bytes', '?.write_bytes', '*.write_text', '?.write_text'],
      ...said,
      judge: savedUnder('receiver'),
    },
    { names: ['pathlib.Path().open', 'pathlib.Path().*.open', '?.open'], ...said, judge: pathOpenedForWriting },
    {
      names: ['shutil.move', 'shutil.copy', 'shutil.copy2', 'shutil.copyfile', 'os.rename', 'os.replace'],
      ...said,
      judge: savedUnder([1, 'dst']),
    },
    {
      names: ['django.core.files.storage.default_storage.save', 'django.core.files.storage.FileSystemStorage().save'],
      ...said,
      judge: savedUnder([0, 'name']),
    },
  ],
}

const inFs = (names: readonly string[]): string[] =>
  ['fs', 'fs/promises', 'fs.promises', 'fs-extra', 'graceful-fs'].flatMap((module) =>
    names.map((name) => `${module}.${name}`),
  )

/**
 * Uploads in Node. Sources: the documentation of multer (diskStorage, fileFilter), express-fileupload (mv), formidable,
 * busboy, @fastify/multipart, koa-body; nodejs.org/api/fs.html.
 */
export const scriptUploads: Model = {
  sources: [
    {
      names: ['multer.File.originalname', 'busboy.Info', 'busboy.Info.filename', 'formidable.File.originalFilename'],
      input: uploadName,
    },
    {
      names: [
        'formidable.Files',
        'formidable().parse',
        'formidable.formidable().parse',
        'formidable.IncomingForm().parse',
        'multiparty.Form().parse',
        'fastify.Request.file',
        'fastify.Request.files',
        'fastify.Request.parts',
        'fastify.Request.saveRequestFiles',
        'koa.Context.request.files',
        'koa.Context.file',
        'koa.Context.files',
      ],
      input: 'an uploaded file',
    },
  ],
  entries: [
    {
      names: [
        'formidable().parse',
        'formidable.formidable().parse',
        'formidable.IncomingForm().parse',
        'multiparty.Form().parse',
      ],
      parameters: { by: 'position', types: ['formidable.Error', 'formidable.Fields', 'formidable.Files'] },
      functions: 1,
    },
    {
      names: ['busboy().on', 'busboy.Busboy().on', 'connect-busboy().on', 'express.Request.busboy.on'],
      parameters: { by: 'position', types: ['busboy.Field', 'busboy.Stream', 'busboy.Info'] },
      functions: 1,
      when: [{ argument: 0, is: ['file'] }],
    },
  ],
  checks: [
    { names: ['multer.diskStorage'], ...said, judge: storageOf },
    { names: ['multer.Named'], ...said, judge: namedByCallback },
    { names: ['?.mv', '*.mv'], ...said, judge: savedUnder(0) },
    {
      names: [
        ...inFs([
          'writeFile',
          'writeFileSync',
          'createWriteStream',
          'appendFile',
          'appendFileSync',
          'outputFile',
          'outputFileSync',
        ]),
        'Bun.write',
        'Deno.writeFile',
      ],
      ...said,
      judge: savedUnder(0),
    },
    {
      names: inFs([
        'rename',
        'renameSync',
        'copyFile',
        'copyFileSync',
        'cp',
        'cpSync',
        'move',
        'moveSync',
        'copy',
        'copySync',
        'link',
      ]),
      ...said,
      judge: savedUnder(1),
    },
  ],
}
