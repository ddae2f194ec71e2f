import { type Dockerfile, DockerfileParser, type From, type Instruction } from 'dockerfile-ast'
import {
  type ContainerHit,
  developmentServerIn,
  hasPasswordInUrl,
  isDebugSetting,
  isUnpinned,
  isWrittenSecret,
} from './hit.ts'

/** A build stage: its FROM and what follows. */
interface Stage {
  readonly from: From
  readonly image: string
  readonly name: string | undefined
  readonly instructions: Instruction[]
}

/** Images whose own start script drops root. */
const dropsRoot = /(?:^|\/)(?:nginx|httpd|caddy|traefik|haproxy|postgres|mysql|mariadb|mongo|redis|rabbitmq)(?:[:@]|$)/
/** Images that do not start as root. */
const unprivileged = /unprivileged|nonroot|bitnami\/|chainguard|cgr\.dev\//

/** Checks a Dockerfile. */
export function checkDockerfile(text: string): ContainerHit[] {
  const file = DockerfileParser.parse(text)
  const stages = stagesOf(file)
  const offset = offsets(text)
  const hits: ContainerHit[] = []
  const report = (at: Instruction, rule: string, message: string, more: Partial<ContainerHit> = {}): void => {
    const range = at.getRange()
    hits.push({ rule, message, start: offset(range.start), end: offset(range.end), ...more })
  }
  for (const stage of stages) {
    const isStage = stages.some((other) => other.name !== undefined && other.name === stage.image.toLowerCase())
    if (!isStage && isUnpinned(stage.image))
      report(stage.from, 'unpinned-image', `The base image \`${stage.image}\` has no fixed version.`, {
        subject: stage.image,
      })
    let copiedAll: Instruction | undefined
    for (const instruction of stage.instructions) {
      if (isCopyOfAll(instruction)) copiedAll ??= instruction
      checkInstruction(instruction, report)
      if (copiedAll !== undefined && installsDependencies(instruction)) {
        report(copiedAll, 'copy-before-install', 'Everything is copied before dependencies are installed.')
        copiedAll = undefined
      }
    }
  }
  const last = stages.at(-1)
  if (last !== undefined) checkFinalStage(last, stages, report)
  return hits
}

type Report = (at: Instruction, rule: string, message: string, more?: Partial<ContainerHit>) => void

function stagesOf(file: Dockerfile): Stage[] {
  const stages: Stage[] = []
  for (const instruction of file.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const from = file.getFROMs().find((each) => each.getRange().start.line === instruction.getRange().start.line)
      if (from === undefined) continue
      stages.push({
        from,
        image: from.getImage() ?? '',
        name: from.getBuildStage()?.toLowerCase() ?? undefined,
        instructions: [],
      })
    } else stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

function checkInstruction(instruction: Instruction, report: Report): void {
  const content = instruction.getArgumentsContent() ?? ''
  switch (instruction.getKeyword()) {
    case 'ENV':
    case 'ARG':
      for (const [name, value] of assignments(content)) {
        if (isWrittenSecret(name, value) || hasPasswordInUrl(value))
          report(instruction, 'secret-in-image', `\`${name}\` is written into the image.`, { subject: name })
        if (isDebugSetting(name, value))
          report(instruction, 'debug-server', `\`${name}\` switches debugging on.`, { subject: name })
      }
      return
    case 'ADD':
      if (
        /\bhttps?:\/\//.test(content) &&
        !/\.git\b/.test(content) &&
        !instruction.getTextContent().includes('--checksum')
      ) {
        report(instruction, 'remote-add', 'A file is downloaded without a checksum.')
      }
      return
    case 'RUN':
      checkRun(instruction, instruction.getRawArgumentsContent() ?? content, report)
      return
    case 'CMD':
    case 'ENTRYPOINT': {
      const server = developmentServerIn(content)
      if (server !== undefined)
        report(
          instruction,
          'debug-server',
          `The container starts a development server (${server.replace(/["',]+\s*/g, ' ')}).`,
        )
    }
  }
}

function checkRun(instruction: Instruction, command: string, report: Report): void {
  if (
    /\b(?:curl|wget)\b[^|;&\n]{0,500}\|\s*(?:sudo\s+)?(?:-E\s+)?(?:ba|z|da)?sh\b|\b(?:ba)?sh\s+-c\s+"?\$\(curl\b|\bbash\s+<\(curl\b/.test(
      command,
    )
  ) {
    report(instruction, 'pipe-to-shell', 'A downloaded script goes straight to a shell.')
  }
  if (
    /\bcurl\b[^|;&\n]{0,300}\s(?:-k|--insecure)\b|\bwget\b[^|;&\n]{0,300}--no-check-certificate|--trusted-host\b|strict-ssl\s+false/.test(
      command,
    )
  ) {
    report(instruction, 'tls-check-off', 'The download does not check the certificate.')
  }
  if (/\bchmod\s+(?:-R\s+)?(?:0?777|a\+rwx|ugo\+rwx)\b/.test(command))
    report(instruction, 'world-writable', 'Everyone may write these files.')
  if (!/\bapt(?:-get)?\s+(?:-\S+\s+)*install\b/.test(command)) return
  if (!command.includes('--no-install-recommends') && !command.includes('APT::Install-Recommends')) {
    report(instruction, 'apt-recommends', 'Packages are installed with all they recommend.')
  }
  if (!/\/var\/lib\/apt\/lists/.test(command))
    report(instruction, 'apt-lists-kept', 'The package lists stay in this layer.')
}

/** `NAME=value NAME2="value 2"` and the old `NAME value`. */
function assignments(content: string): [name: string, value: string][] {
  const pairs = [...content.matchAll(/(?:^|\s)([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|(\S*))/g)]
  if (pairs.length > 0)
    return pairs.map(([, name = '', double, single, bare]) => [name, double ?? single ?? bare ?? ''])
  const [, name, value] = /^([A-Za-z_]\w*)\s+(\S.*)$/.exec(content.trim()) ?? []
  return name === undefined || value === undefined ? [] : [[name, value.replace(/^(["'])(.*)\1$/, '$2')]]
}

function isCopyOfAll(instruction: Instruction): boolean {
  if (instruction.getKeyword() !== 'COPY' && instruction.getKeyword() !== 'ADD') return false
  const raw = instruction.getTextContent()
  return !raw.includes('--from') && /^\S+\s+(?:--\S+\s+)*(?:\[\s*")?\.\/?(?:"|\s|,)/.test(raw)
}

function installsDependencies(instruction: Instruction): boolean {
  if (instruction.getKeyword() !== 'RUN') return false
  return /\b(?:npm\s+(?:ci|install|i)|yarn(?:\s+install)?|pnpm\s+(?:install|i)|pip3?\s+install\s[^&|;]*-r|poetry\s+install|uv\s+(?:sync|pip\s+install)|bundle\s+install|go\s+mod\s+download)\b/.test(
    instruction.getArgumentsContent() ?? '',
  )
}

/** Who the container runs as, and whether anyone asks if it still works. */
function checkFinalStage(stage: Stage, stages: readonly Stage[], report: Report): void {
  const start = stage.instructions.findLast((each) => each.getKeyword() === 'CMD' || each.getKeyword() === 'ENTRYPOINT')
  const user = userOf(stage, stages, 0)
  if (user === undefined || isRoot(user.name)) {
    if (!unprivileged.test(stage.image)) {
      report(
        user?.instruction ?? start ?? stage.from,
        'container-root',
        user === undefined
          ? 'No USER is set, so the service runs as root.'
          : `USER ${user.name}: the service runs as root.`,
        user === undefined && dropsRoot.test(stage.image) ? { severity: 'low' } : {},
      )
    }
  }
  if (start !== undefined && !stage.instructions.some((each) => each.getKeyword() === 'HEALTHCHECK')) {
    report(stage.from, 'missing-healthcheck', 'Nothing asks the running service whether it works.')
  }
}

function isRoot(user: string): boolean {
  return /^(?:root|0)(?::|$)/.test(user)
}

function userOf(
  stage: Stage,
  stages: readonly Stage[],
  depth: number,
): { readonly name: string; readonly instruction: Instruction } | undefined {
  const instruction = stage.instructions.findLast((each) => each.getKeyword() === 'USER')
  if (instruction !== undefined) return { name: (instruction.getArgumentsContent() ?? '').trim(), instruction }
  const base = stages.find(
    (other) => other !== stage && other.name !== undefined && other.name === stage.image.toLowerCase(),
  )
  return base === undefined || depth > stages.length ? undefined : userOf(base, stages, depth + 1)
}

/** Offsets of zero-based lines and characters. */
function offsets(text: string): (position: { readonly line: number; readonly character: number }) => number {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)
  return ({ line, character }) => (starts[line] ?? text.length) + character
}
