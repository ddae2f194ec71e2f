import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { get, request } from 'node:http'
import { createServer, type Server } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type OpenPlace, places } from './fixtures/places.ts'
import {
  descriptorBomb,
  forkBomb,
  hiddenMemory,
  hostFiles,
  memoryBomb,
  otherProcesses,
  refusals,
  systemCalls,
} from './fixtures/probes.ts'
import { type Sandbox, SandboxEnded, type SandboxLimits, type SandboxProcess, type SandboxRequest } from './index.ts'

const folder = mkdtempSync('/tmp/assay-escape-')
const home = join(folder, 'home')
const secret = join(home, '.ssh/id_test')
const data = join(folder, 'data/assay.db')
const open: Sandbox[] = []
let place: OpenPlace
let loopback: Server
let abstract: Server
let named: Server

/** Digest of everything that lies in a folder: names, kinds, rights, owners, contents. */
function digestOf(root: string): string {
  const hash = createHash('sha256')
  const walk = (path: string): void => {
    const { mode, uid, gid, size } = lstatSync(path)
    hash.update(JSON.stringify([path, mode, uid, gid]))
    if ((mode & 0o170000) === 0o040000) for (const name of readdirSync(path).sort()) walk(join(path, name))
    else if ((mode & 0o170000) === 0o120000) hash.update(readlinkSync(path))
    else if ((mode & 0o170000) === 0o100000) hash.update(`${size}`).update(contentOf(path))
  }
  walk(root)
  return hash.digest('hex')
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    // Not for this user; its size is in the digest.
    return Buffer.alloc(0)
  }
}

const before: Record<string, string> = {}

function digests(): Record<string, string> {
  return { etc: digestOf('/etc'), home: digestOf(home), data: digestOf(join(folder, 'data')) }
}

beforeAll(async () => {
  chmodSync(folder, 0o755)
  mkdirSync(join(home, '.ssh'), { recursive: true })
  mkdirSync(join(folder, 'data'))
  writeFileSync(secret, 'PLANTED')
  writeFileSync(data, 'PLANTED')
  for (const path of [secret, data]) chmodSync(path, 0o666)
  Object.assign(before, digests())
  loopback = await listen({ host: '127.0.0.1', port: 0 })
  abstract = await listen({ path: '\0assay-escape-test' })
  named = await listen({ path: join(folder, 'socket') })
  chmodSync(join(folder, 'socket'), 0o777)
})

afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.stop()
})

afterAll(() => {
  for (const server of [loopback, abstract, named]) server.close()
  rmSync(folder, { recursive: true })
})

function listen(where: object): Promise<Server> {
  const server = createServer((connection) => connection.end('REACHED'))
  return new Promise((resolve) => server.listen(where, () => resolve(server)))
}

async function start(limits: Partial<SandboxLimits> = {}, request: Partial<SandboxRequest> = {}): Promise<Sandbox> {
  const sandbox = await place.runner.start({ signal: new AbortController().signal, limits, ...request })
  open.push(sandbox)
  return sandbox
}

function python(script: string, ...rest: string[]): { argv: [string, ...string[]] } {
  return { argv: ['/usr/bin/python3', '-c', script, ...rest] }
}

function shell(script: string): { argv: [string, ...string[]] } {
  return { argv: ['/bin/sh', '-c', script] }
}

/** Seconds to sleep that nobody else sleeps, so that the process is found by them. */
function newToken(): string {
  tokens += 1
  return `${80_000 + tokens}.${process.pid}`
}
let tokens = 0

/** Signals the supervisor, and not the shell that does it. */
function toSupervisor(signal: string): string {
  return `for p in $(grep -l 'supervisor/main[.]js' /proc/[0-9]*/cmdline); do p=\${p%/*}; kill -${signal} \${p#/proc/}; done`
}

function printed(process: SandboxProcess, text: string): Promise<void> {
  return new Promise((resolve) => process.onOutput((output) => output.text.includes(text) && resolve()))
}

/** Processes of this machine with the word in their command line. */
function processesNamed(word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && contentOf(`/proc/${name}/cmdline`).includes(word))
    .map(Number)
}

/** What sandboxes have left on this machine: folders, control groups, mounts. */
function leftovers(): string[] {
  const folders = readdirSync('/tmp').filter((name) => name.startsWith('assay-sandbox-'))
  const rooms = folders.flatMap((name) => readdirSync(join('/tmp', name)).filter((one) => /^[0-9a-f]{8}-/.test(one)))
  const groups = ['memory', 'pids', 'cpuacct', '.'].flatMap((name) => groupsIn(join('/sys/fs/cgroup', name)))
  return [...rooms, ...groups]
}

function groupsIn(path: string): string[] {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return []
    return entry.name.startsWith('assay-')
      ? [entry.name]
      : path.split('/').length < 7
        ? groupsIn(join(path, entry.name))
        : []
  })
}

const able = places.filter(({ missing }) => missing === undefined)
test.for(places)('an escape from $name can be tried', ({ missing }, { skip }) => skip(missing !== undefined, missing))

describe.each(able)('from $name', ({ id, open: openPlace }) => {
  beforeAll(async () => {
    place = await openPlace()
  })
  afterAll(async () => {
    await place.close()
    expect(digests()).toEqual(before)
  })

  test('no file of the host can be read or written', async () => {
    const sandbox = await start()
    const paths = [secret, data, '/etc/shadow', '/etc/hostname', '/root/.bashrc', '/var/log/dpkg.log', __filename]
    const own = [join(homedir(), '.profile'), join(process.cwd(), 'package.json'), '/proc/sysrq-trigger']
    const settings = ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sys/vm/drop_caches']
    const { stdout } = await sandbox.run(python(hostFiles, ...paths, ...own, ...settings))
    const worked = stdout.split('\n').filter((line) => line !== '' && !harmless.test(line))
    expect(worked).toEqual([])
    expect(readFileSync(secret, 'utf8')).toBe('PLANTED')
  })

  test('the system and what is Assay’s own are read-only', async () => {
    const sandbox = await start()
    const script = ['/usr/bin/x', '/etc/passwd', '/run/assay/supervisor/main.js', '/run/assay/bin/node', '/dev/x']
      .map((path) => `(echo x >> ${path}) 2>/dev/null && echo wrote ${path}`)
      .join('; ')
    expect((await sandbox.run(shell(`${script}; true`))).stdout).toBe('')
  })

  test('nothing is mounted to be written to but its own memory', async () => {
    const { stdout } = await (await start()).run(shell('cat /proc/self/mounts'))
    const writable = stdout.split('\n').flatMap((line) => {
      const [, at = '', type = '', options = ''] = line.split(' ')
      return options.split(',').includes('rw') ? [`${type} ${at}`] : []
    })
    expect(writable.filter((mount) => !ownMemory.test(mount))).toEqual([])
  })

  test('there is no network but its own loopback', async () => {
    const sandbox = await start()
    const { port } = Object(loopback.address())
    const script = `
import os, socket
def try_to(name, action):
    try: action(); print(name, 'worked')
    except OSError as error: pass
def stream(family, address):
    with socket.socket(family) as one:
        one.settimeout(3); one.connect(address); print(one.recv(100))
try_to('host loopback', lambda: stream(socket.AF_INET, ('127.0.0.1', ${port})))
try_to('internet', lambda: stream(socket.AF_INET, ('1.1.1.1', 80)))
try_to('internet by name', lambda: stream(socket.AF_INET6, ('2606:4700:4700::1111', 80)))
try_to('datagram', lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53)))
try_to('metadata', lambda: stream(socket.AF_INET, ('169.254.169.254', 80)))
try_to('names', lambda: socket.getaddrinfo('example.com', 80))
try_to('abstract', lambda: stream(socket.AF_UNIX, '\\0assay-escape-test'))
try_to('named', lambda: stream(socket.AF_UNIX, '${join(folder, 'socket')}'))
try_to('engine', lambda: stream(socket.AF_UNIX, '/var/run/docker.sock'))
try_to('engine', lambda: stream(socket.AF_UNIX, '/run/podman/podman.sock'))
print(sorted(name for _, name in socket.if_nameindex()))
print(open('/proc/net/route').read().count('\\n'))`
    const { stdout } = await sandbox.run(python(script))
    expect(stdout).toMatch(/^\['lo'(, '(sit0|tunl0|ip6tnl0|gre0|gretap0|erspan0|ip6gre0|ip_vti0|ip6_vti0)')*\]\n1\n$/)
  })

  test('other processes are neither seen nor signalled', async () => {
    const sandbox = await start()
    const other = await start()
    const token = newToken()
    await other.start(shell(`exec sleep ${token}`))
    await expect.poll(() => processesNamed(token).length).toBeGreaterThan(0)
    const outside = [process.pid, process.ppid, ...processesNamed(token)].filter((pid) => pid > 1000)
    expect((await sandbox.run(python(otherProcesses, ...outside.map(String)))).stdout).toBe('')
    const { stdout } = await sandbox.run(shell('cat /proc/[0-9]*/cmdline | tr "\\0" " "'))
    expect(stdout).not.toContain(token)
    expect(stdout).not.toContain('vitest')
    await sandbox.run(shell('kill -9 -1')).catch(() => undefined)
    expect((await other.run(shell('echo alive'))).stdout).toBe('alive\n')
  })

  test('it runs as nobody of importance: no rights, no way to new ones', async () => {
    const sandbox = await start()
    const status = (await sandbox.run(shell('cat /proc/self/status'))).stdout
    const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1]
    for (const name of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(field(name)).toBe('0000000000000000')
    expect([field('NoNewPrivs'), field('Seccomp')]).toEqual(['1', '2'])
    const token = newToken()
    await sandbox.start(shell(`exec sleep ${token}`))
    await expect.poll(() => processesNamed(token).length).toBe(1)
    const outside = contentOf(`/proc/${processesNamed(token)[0]}/status`).toString()
    expect(/^Uid:\s+(\d+)/m.exec(outside)?.[1]).not.toBe('0')
    const script = `cp /bin/sh own; chmod 6755 own; ./own -p -c 'id -u'; id -u; su -c id root; mount -t tmpfs none /tmp;
      mknod disk b 8 0; mknod memory c 1 1; unshare -Ur true; chroot / true; nsenter -t 1 -m true; bwrap --bind / / true`
    const result = await sandbox.run(shell(script))
    expect(result.stdout.split('\n').filter(Boolean)).toEqual(['65432', '65432'])
    expect(
      (await sandbox.run(shell('ls /app; ls -d /dev/mem /dev/kmem /dev/kmsg /dev/sda /dev/vda /dev/fuse /dev/kvm')))
        .stdout,
    ).toBe('own\n')
  })

  test('the filter refuses system calls no app needs', async () => {
    const sandbox = await start()
    const { stdout, stderr } = await sandbox.run(python(systemCalls))
    expect(stderr).toBe('')
    expect(stdout).toBe(refusals)
  })

  test('a fork bomb stops at its limit, and the sandbox lives', async () => {
    const sandbox = await start({ processes: 64 })
    const { stdout } = await sandbox.run(python(forkBomb))
    expect(Number(/^(\d+) Resource temporarily unavailable/.exec(stdout)?.[1])).toBeLessThan(64 + 32)
    expect((await sandbox.usage()).processes).toBeLessThan(64 + 32)
    await sandbox.stop()
    expect((await (await start()).run(shell('echo next'))).stdout).toBe('next\n')
  })

  test.each([1, 5])('a memory bomb of %i processes ends the sandbox', async (processes) => {
    const sandbox = await start({ memory: 200, disk: 32 })
    await sandbox.run(python(memoryBomb, `${processes}`)).catch(() => undefined)
    const end = await sandbox.ended
    expect(end.reason).toBe('memory')
    expect(end.message).toBe('It was stopped because it took more than the 200 MiB of memory it was given.')
    await expect(sandbox.run(shell('true'))).rejects.toThrow(SandboxEnded)
  })

  test('memory that belongs to no process counts, or is not to be had', async () => {
    const sandbox = await start({ memory: 100, disk: 32 })
    const told = await sandbox.run(python(hiddenMemory)).then(
      ({ stdout }) => stdout,
      (error) => (error instanceof SandboxEnded ? error.end.reason : String(error)),
    )
    expect(['Function not implemented\n', 'memory', '']).toContain(told)
    if (told === '') expect((await sandbox.ended).reason).toBe('memory')
  })

  test('what can be written ends at the limit', async () => {
    const sandbox = await start({ disk: 16 })
    const script =
      'for at in /app /tmp /home/app /var/tmp; do dd if=/dev/zero of=$at/fill bs=1M count=100 2>/dev/null; done; cat /app/fill /tmp/fill /home/app/fill /var/tmp/fill | wc -c'
    const written = Number((await sandbox.run(shell(script))).stdout)
    expect(written).toBeGreaterThan(4 * 1024 * 1024)
    expect(written).toBeLessThanOrEqual(16 * 1024 * 1024)
    await expect(sandbox.write('/app/more', Buffer.alloc(2_000_000, 1))).rejects.toThrow('ENOSPC')
    const elsewhere =
      'find / -xdev -type d -writable 2>/dev/null | grep -vE "^/(app|tmp|home/app|var/tmp|proc|dev/shm|dev/mqueue)" | head'
    if (id === 'docker') expect((await sandbox.run(shell(elsewhere))).stdout).toBe('')
  })

  test('files without content fill it too', async () => {
    const sandbox = await start({ disk: 4, memory: 100 })
    const script = 'import itertools\nfor at in itertools.count(): open("/tmp/%d" % at, "w").close()'
    await sandbox.run(python(script)).catch(() => undefined)
    expect(['disk', 'memory']).toContain((await sandbox.ended).reason)
  })

  test('open files end at the limit, and so does what is open in the supervisor', async () => {
    const sandbox = await start({ openFiles: 64 })
    const { stdout } = await sandbox.run(python(descriptorBomb))
    expect(Number(/^(\d+) Too many open files/.exec(stdout)?.[1])).toBeLessThan(64)
    expect((await sandbox.run(shell('ulimit -n 100000 2>/dev/null || echo no'))).stdout).toBe('no\n')
  })

  test('processor time ends at the limit, in many processes too', async () => {
    const sandbox = await start({ cpuSeconds: 1 })
    const spin = 'while :; do :; done'
    await sandbox.run(shell(`${spin} & ${spin} & ${spin}`)).catch(() => undefined)
    expect((await sandbox.ended).reason).toBe('cpu')
  })

  test('time ends', async () => {
    const sandbox = await start({ wallSeconds: 1 })
    await sandbox.run(shell('sleep 1000')).catch(() => undefined)
    expect(await sandbox.ended).toEqual({ reason: 'wall', message: 'It was stopped after 1 s, the time it was given.' })
  })

  test('links in the files of an app lead nowhere but inside', async () => {
    const files = mkdtempSync(join(folder, 'app-'))
    chmodSync(files, 0o755)
    symlinkSync(secret, join(files, 'link'))
    symlinkSync(home, join(files, 'home'))
    symlinkSync('../../../../../..', join(files, 'up'))
    linkSync(data, join(files, 'hard'))
    writeFileSync(join(files, 'line\nbreak; $(touch x) -rf'), 'odd')
    writeFileSync(join(files, `${'n'.repeat(250)}`), 'long')
    writeFileSync(Buffer.concat([Buffer.from(join(files, 'x')), Buffer.from([0xff, 0xfe])]), 'not text')
    const sandbox = await start({}, { files })
    expect(await sandbox.read('/app/link')).toBeUndefined()
    expect(await sandbox.read(`/app/up${secret}`)).toBeUndefined()
    expect(await sandbox.read('/app/home/.ssh/id_test')).toBeUndefined()
    expect((await sandbox.read('/app/line\nbreak; $(touch x) -rf'))?.toString()).toBe('odd')
    expect((await sandbox.read(`/app/${'n'.repeat(250)}`))?.toString()).toBe('long')
    await sandbox.write('/app/link', 'ESCAPED').catch(() => undefined)
    await sandbox.write('/app/home/new', 'ESCAPED').catch(() => undefined)
    await sandbox.write('/app/../../../../../../../../tmp/assay-escaped', 'ESCAPED')
    await sandbox.run(shell('echo ESCAPED >hard; rm -rf link home/* up; echo ESCAPED >link'))
    expect(existsSync('/tmp/assay-escaped')).toBe(false)
    expect(readFileSync(secret, 'utf8') + readFileSync(data, 'utf8')).toBe('PLANTEDPLANTED')
    expect(readdirSync(home)).toEqual(['.ssh'])
  })

  test('links made inside lead nowhere but inside, and odd files do not hold the reader', async () => {
    const sandbox = await start()
    const script = `ln -s ${secret} link; ln -s / top; mkfifo pipe; ln -s loop loop; ln ${secret} hard 2>/dev/null; mkdir folder; ln -s /dev/zero zero`
    await sandbox.run(shell(script))
    for (const path of ['link', `top${secret}`, 'pipe', 'loop', 'hard', 'folder', 'zero', 'folder/../link']) {
      expect(await sandbox.read(`/app/${path}`)).toBeUndefined()
    }
    await expect(sandbox.write('/app/pipe', 'x')).rejects.toThrow('ENXIO')
    await expect(sandbox.read('\0')).rejects.toThrow()
  })

  test('nothing survives the stop, and nothing is left', async () => {
    const sandbox = await start()
    const token = newToken()
    const daemon = `setsid sh -c 'trap "" TERM INT HUP; env -i sleep ${token} & sleep ${token}' >/dev/null 2>&1 &`
    await sandbox.run(shell(`(${daemon}); (${daemon}); sleep 0.2`))
    expect(processesNamed(token).length).toBeGreaterThanOrEqual(4)
    await sandbox.expose(3000)
    await sandbox.stop()
    expect(processesNamed(token)).toEqual([])
    expect(leftovers().filter((name) => name.includes(sandbox.id))).toEqual([])
  })

  test('when its owner is killed it ends too, and the next start sweeps', async () => {
    const owner = place.another()
    const token = newToken()
    const sandbox = await owner.start({ signal: new AbortController().signal })
    await sandbox.run(shell(`(setsid sleep ${token} &) ; sleep 0.1`))
    await sandbox.start(shell(`sleep ${token}`))
    await expect.poll(() => processesNamed(token).length).toBeGreaterThanOrEqual(2)
    owner.owner.kill('SIGKILL')
    await expect.poll(() => processesNamed(token), { timeout: 20_000 }).toEqual([])
    expect(leftovers().filter((name) => name.includes(sandbox.id)).length).toBeGreaterThan(0)
    await owner.close()
    await start()
    expect(leftovers().filter((name) => name.includes(sandbox.id))).toEqual([])
  })

  test('a flood of output is cut, and does not fill the memory of the host', async () => {
    const sandbox = await start({ cpuSeconds: 60 })
    const result = await sandbox.run(shell('head -c 60000000 /dev/zero | tr "\\0" x; echo end >&2'))
    expect(result.truncated).toBe(true)
    expect(result.stdout.length + result.stderr.length).toBe(8 * 1024 * 1024)
    const flood = await sandbox.start(shell('yes'))
    await sleep(500)
    expect((await sandbox.run(shell('echo still here'))).stdout).toBe('still here\n')
    flood.kill()
    expect((await flood.exited).signal).toBe('SIGKILL')
  })

  test('two thousand connections at once are served', async () => {
    const sandbox = await start({ openFiles: 8192 })
    const script = `require('node:http').createServer((q, r) => setTimeout(() => r.end('ok'), 500))
      .listen({ port: 3000, host: '127.0.0.1', backlog: 4096 }, () => console.log('ready'))`
    const server = await sandbox.start({ argv: ['node', '-e', script] })
    await printed(server, 'ready')
    const socketPath = await sandbox.expose(3000)
    const answers = await Promise.all(Array.from({ length: 2000 }, () => statusOf(socketPath)))
    expect(answers.filter((status) => status === 200).length).toBe(2000)
    // Connections given up half way hold nothing.
    for (let at = 0; at < 500; at += 1)
      request({ socketPath, method: 'POST' })
        .on('error', () => undefined)
        .destroy()
    expect(await statusOf(socketPath)).toBe(200)
  })

  test('an app that kills the supervisor ends its sandbox', async () => {
    const sandbox = await start()
    const waiting = await sandbox.start(shell('exec sleep 1000'))
    await sandbox.run(shell(toSupervisor('KILL'))).catch(() => undefined)
    expect((await sandbox.ended).reason).toBe('crashed')
    expect(await waiting.exited).toEqual({ code: null, signal: 'SIGKILL' })
  })

  test('a supervisor that is made to stand still is no way past the limits', async () => {
    const sandbox = await start({ wallSeconds: 3, cpuSeconds: 100 })
    await sandbox.start(shell(`${toSupervisor('STOP')}; sleep 1000`))
    expect((await sandbox.ended).reason).toBe('wall')
  })

  test('what leads to the host takes nothing from others', async () => {
    const sandbox = await start()
    const script = `
import glob, os, socket
for name in glob.glob('/proc/[0-9]*/fd/*'):
    try:
        if 'socket' not in os.readlink(name): continue
        with open(name, 'wb', buffering=0) as file: file.write(b'x' * 100)
    except OSError: pass
held = []
for at in range(400):
    try:
        one = socket.socket(socket.AF_UNIX); one.connect('/run/assay/hub/s'); one.send(b'control\\n' + b'\\0' * 100); held.append(one)
    except OSError: pass`
    await sandbox.run(python(script))
    expect((await sandbox.run(shell('echo unharmed'))).stdout).toBe('unharmed\n')
  })

  test('no open file of the host is inherited', async () => {
    const leaky = place.another(['bash', '-c', `exec 9<${secret} 77<${secret} 200<${secret}; exec "$@"`, 'bash'])
    const sandbox = await leaky.start({ signal: new AbortController().signal })
    const { stdout } = await sandbox.run(
      shell('ls -l /proc/[0-9]*/fd; cat <&9; cat /proc/[0-9]*/fd/77 /proc/[0-9]*/fd/200'),
    )
    expect(stdout).not.toContain('id_test')
    expect(stdout).not.toContain('PLANTED')
    await sandbox.stop()
    await leaky.close()
  })
})

/** What may be read under a name the host has too: the sandbox's own name, and what the kernel tells everybody. */
const harmless = /^r .*\/(etc\/hostname|proc\/sys\/kernel\/(core_pattern|hostname))$/

/** File systems of the sandbox's own, and what devices it has: nothing that keeps anything. */
const ownMemory =
  /^(tmpfs (\/|\/app|\/tmp|\/var\/tmp|\/home\/app|\/run|\/dev|\/dev\/shm|\/sys\/fs\/cgroup|\/proc\/\w+)|proc \/proc(\/\w+)?|devpts \/dev\/(pts|ptmx|console)|mqueue \/dev\/mqueue|(devtmpfs|tmpfs) \/dev\/(null|zero|full|random|urandom|tty))$/

function statusOf(socketPath: string): Promise<number | string> {
  return new Promise((resolve) => {
    get({ socketPath, agent: false }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    }).on('error', (error) => resolve(error.message))
  })
}
