import { z } from 'zod'
import { appDetailSchema } from '#bench/collection'
import { defineTool, type Tool } from '../contract.ts'
import type { BenchServices } from './services.ts'

export const appDescriptionSchema = appDetailSchema
  .pick({
    id: true,
    name: true,
    model: true,
    files: true,
    lines: true,
    stack: true,
    languages: true,
    components: true,
    routes: true,
  })
  .extend({ excluded: z.number().describe('Files left out of the snapshot.') })

/** What an app is, from what its import found. */
export function describeTool({ apps }: BenchServices): Tool {
  return defineTool({
    name: 'describe_app',
    description: 'Says what an app is: its components, languages, size and the routes it serves.',
    effects: 'reads',
    input: z.strictObject({ app: z.uuid().describe('The id of the app.') }),
    output: appDescriptionSchema,
    async run(input, { workspace }) {
      const { excluded, calls: _calls, studies: _studies, ...app } = await apps.getApp(workspace, input.app)
      return appDescriptionSchema.parse({ ...app, excluded: excluded.length })
    },
  })
}
